import { CopyButton } from "../shell/copy-button.tsx";
import { ScrollArea } from "../shell/scroll-area.tsx";

/** Code, with its language and a way to take it along. */
export function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
	return (
		<figure className="code-block" dir="ltr">
			<figcaption>
				<span>{language.split(/\s/)[0]?.slice(0, 30)}</span>
				<CopyButton text={text} what="code" />
			</figcaption>
			<ScrollArea className="code-frame" label={`Code ${language}`}>
				<pre>
					<code>{text}</code>
				</pre>
			</ScrollArea>
		</figure>
	);
}

import { OutLink } from "../../markdown/out-link.tsx";
import type { Speech } from "../../state/speech.ts";
import { counted } from "../figures.ts";

/** What an agent cites. */
export function Sources({ sources }: { readonly sources: Speech["sources"] }) {
	if (sources.length === 0) return null;
	const once = [...new Map(sources.map((source) => [source.url, source])).values()];
	return (
		<details className="sources">
			<summary>{counted(once.length, "source")}</summary>
			<ul>
				{once.map(({ url, title }) => (
					<li key={url}>
						<OutLink href={url}>{title || url}</OutLink>
					</li>
				))}
			</ul>
		</details>
	);
}

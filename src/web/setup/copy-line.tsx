import { CopyButton } from "../shell/copy-button.tsx";

type Props = { readonly name: string; readonly url: string; readonly opens: boolean };

/** An address to be taken along; a page of ours can be opened as well. */
export function CopyLine({ name, url, opens }: Props) {
	return (
		<div className="copy-line">
			<dt className="soft">{name}</dt>
			<dd>
				{opens ? (
					<a className="mono" href={url} target="_blank" rel="noopener noreferrer">
						{url}
					</a>
				) : (
					<code>{url}</code>
				)}
				<CopyButton text={url} what={`the address ${name}`} />
			</dd>
		</div>
	);
}

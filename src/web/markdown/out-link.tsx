import type { ReactNode } from "react";
import { safeLink } from "./safe-link.ts";

type Props = { readonly href: string; readonly children: ReactNode; readonly picture?: boolean };

/** A link that leaves the page, into a tab that learns nothing of it. Pictures elsewhere are links too: none is fetched unasked. */
export function OutLink({ href, children, picture = false }: Props) {
	const url = safeLink(href);
	if (url === null) return <span title={href.slice(0, 200)}>{children}</span>;
	return (
		<a
			href={url.href}
			target="_blank"
			rel="noopener noreferrer nofollow"
			className={picture ? "picture-link" : undefined}
		>
			<bdi>{children}</bdi>
			{picture && <span className="soft"> ({url.host || url.protocol})</span>}
		</a>
	);
}

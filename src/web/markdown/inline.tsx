import type { MarkedToken } from "marked";
import { withoutEntities } from "./entities.ts";
import { OutLink } from "./out-link.tsx";
import { known } from "./tokens.ts";

const depthMax = 24;

/** Words, and what stands among them. */
export function Inline({ tokens, depth }: { readonly tokens: readonly MarkedToken[]; readonly depth: number }) {
	return tokens.map((token, place) => <Part key={place} token={token} depth={depth + 1} />);
}

function Part({ token, depth }: { readonly token: MarkedToken; readonly depth: number }) {
	if (depth > depthMax) return token.raw;
	switch (token.type) {
		case "strong":
			return <strong>{<Inline tokens={known(token.tokens)} depth={depth} />}</strong>;
		case "em":
			return <em>{<Inline tokens={known(token.tokens)} depth={depth} />}</em>;
		case "del":
			return <del>{<Inline tokens={known(token.tokens)} depth={depth} />}</del>;
		case "codespan":
			return <code>{token.text}</code>;
		case "br":
			return <br />;
		case "link":
			return (
				<OutLink href={token.href}>
					<Inline tokens={known(token.tokens)} depth={depth} />
				</OutLink>
			);
		case "image":
			return (
				<OutLink href={token.href} picture>
					{token.text || "a picture"}
				</OutLink>
			);
		case "text":
			return token.tokens === undefined ? (
				withoutEntities(token.text)
			) : (
				<Inline tokens={known(token.tokens)} depth={depth} />
			);
		case "escape":
			return token.text;
		case "checkbox":
			return null;
		default:
			return token.raw;
	}
}

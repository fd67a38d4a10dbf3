import type { MarkedToken, Tokens } from "marked";
import { CodeBlock } from "./code-block.tsx";
import { withoutEntities } from "./entities.ts";
import { Inline } from "./inline.tsx";
import { TableBlock } from "./table-block.tsx";
import { known } from "./tokens.ts";

/** What is nested deeper stands as it was written. */
const depthMax = 24;

/** Blocks one below the other. */
export function Blocks({ tokens, depth }: { readonly tokens: readonly MarkedToken[]; readonly depth: number }) {
	return tokens.map((token, place) => <Block key={place} token={token} depth={depth} />);
}

function Block({ token, depth }: { readonly token: MarkedToken; readonly depth: number }) {
	if (depth > depthMax) return <p>{token.raw}</p>;
	switch (token.type) {
		case "heading":
			return <Heading level={token.depth}>{<Inline tokens={known(token.tokens)} depth={depth} />}</Heading>;
		case "paragraph":
			return (
				<p dir="auto">
					<Inline tokens={known(token.tokens)} depth={depth} />
				</p>
			);
		case "code":
			return <CodeBlock text={token.text} language={token.lang ?? ""} />;
		case "blockquote":
			return (
				<blockquote dir="auto">
					<Blocks tokens={known(token.tokens)} depth={depth + 1} />
				</blockquote>
			);
		case "list":
			return <ListBlock list={token} depth={depth} />;
		case "table":
			return <TableBlock table={token} depth={depth} />;
		case "hr":
			return <hr />;
		case "space":
		case "def":
		case "checkbox":
			return null;
		case "html":
			return <p className="as-written">{token.raw.trim()}</p>;
		case "text":
			return token.tokens === undefined ? (
				<span className="as-written">{withoutEntities(token.text)}</span>
			) : (
				<Inline tokens={known(token.tokens)} depth={depth} />
			);
		default:
			return <p className="as-written">{token.raw}</p>;
	}
}

/** Headings of an answer stand below those of the page. */
function Heading({ level, children }: { readonly level: number; readonly children: React.ReactNode }) {
	if (level <= 1) return <h3 dir="auto">{children}</h3>;
	if (level === 2) return <h4 dir="auto">{children}</h4>;
	return <h5 dir="auto">{children}</h5>;
}

/** A list, numbered as it was written, with boxes that only show. */
function ListBlock({ list, depth }: { readonly list: Tokens.List; readonly depth: number }) {
	const items = list.items.map((item, place) => (
		<li key={place} dir="auto" className={item.task ? "task" : undefined}>
			{item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label="done" />}
			<Blocks tokens={known(item.tokens)} depth={depth + 1} />
		</li>
	));
	return list.ordered ? <ol start={list.start === "" ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

import "./markdown.css";
import { memo, useState } from "react";
import { Blocks } from "./blocks.tsx";
import { makeChunks } from "./chunks.ts";
import { tokensOf } from "./tokens.ts";

/** What a model wrote, as it meant it: never as HTML. While it grows, only its end is parsed again. */
export function Markdown({ text }: { readonly text: string }) {
	const [chunksOf] = useState(makeChunks);
	const chunks = chunksOf(text);
	return (
		<div className="markdown" dir="auto">
			{chunks.map((chunk, place) => (
				<Chunk key={place} text={chunk} />
			))}
		</div>
	);
}

const Chunk = memo(function Chunk({ text }: { readonly text: string }) {
	return (
		<div className="chunk">
			<Blocks tokens={tokensOf(text)} depth={0} />
		</div>
	);
});

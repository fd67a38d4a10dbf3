import { hueOf } from "../room/seats.ts";
import { unreachable } from "../../std/assert.ts";
import { band, laneTop, xOf, type Geometry } from "./geometry.ts";
import type { Item, Mark, Span } from "./scene.ts";

type Props = {
	readonly item: Item;
	readonly count: number;
	readonly geometry: Geometry;
	readonly picked: boolean;
};

/** An item as it is drawn in its lane. */
export function ItemShape({ item, count, geometry, picked }: Props) {
	return (
		<g className="seat item" data-kind={item.kind} data-picked={picked} style={{ "--hue": hueOf(item.lane + 1) }}>
			{item.shape === "span" ? (
				<SpanShape span={item} geometry={geometry} />
			) : (
				<MarkShape mark={item} count={count} x={xOf(geometry, item.fromMs)} />
			)}
		</g>
	);
}

function SpanShape({ span, geometry }: { readonly span: Span; readonly geometry: Geometry }) {
	// What lies far outside would be too wide for a browser to draw.
	const from = Math.max(-10, xOf(geometry, span.fromMs));
	const to = Math.min(geometry.width + 10, xOf(geometry, span.toMs));
	const isCall = span.kind === "call";
	return (
		<rect
			x={from}
			y={laneTop(span.lane) + (isCall ? band.call : band.top)}
			width={Math.max(2, to - from)}
			height={isCall ? 8 : band.height}
			rx={isCall ? 2 : 5}
			data-open={span.open}
		/>
	);
}

function MarkShape({ mark, count, x }: { readonly mark: Mark; readonly count: number; readonly x: number }) {
	const y = laneTop(mark.lane) + band.mark;
	return (
		<g transform={`translate(${x} ${y})`}>
			<Symbol kind={mark.kind} />
			{count > 1 && (
				<text className="mark-count" x={8} y={-5}>
					{count}
				</text>
			)}
		</g>
	);
}

function Symbol({ kind }: { readonly kind: Mark["kind"] }) {
	switch (kind) {
		case "answer":
			return <circle r={6.5} />;
		case "vote":
			return <path d="M-6 -5 h7 l5 5 -5 5 h-7 z" />;
		case "fell":
			return <path className="line" d="M-4.500 -4.500 l9 9 m0 -9 l-9 9" />;
		case "refused":
			return <circle className="line" r={4} />;
		case "failed":
			return <path d="M0 -6.500 l6.500 11.500 h-13 z" />;
		case "out":
			return <rect x={-5} y={-5} width={10} height={10} />;
		case "told":
			return <path className="line" d="M0 4 v-9 m-3 3 l3 -3 3 3" />;
		default:
			return unreachable(kind);
	}
}

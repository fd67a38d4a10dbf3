import type { ReceiptLine } from "../../consensus/receipt.ts";

/** Calls added up. `cost_usd` null: somebody's price is not known. */
export type Sum = {
	readonly calls: number;
	readonly input: number;
	readonly output: number;
	readonly cached: number;
	readonly cost_usd: number | null;
};

/** What these calls came to together. Open calls cost nothing yet; the demo's cost nothing at all. */
export function sumOf(lines: readonly ReceiptLine[]): Sum {
	const total = (of: (line: ReceiptLine) => number) => lines.reduce((sum, line) => sum + of(line), 0);
	const unknown = lines.some((line) => line.outcome !== null && line.cost_usd === null && line.provider !== "demo");
	return {
		calls: lines.length,
		input: total(({ usage }) => usage?.input ?? 0),
		output: total(({ usage }) => usage?.output ?? 0),
		cached: total(({ usage }) => usage?.cached ?? 0),
		cost_usd: unknown ? null : total(({ cost_usd }) => cost_usd ?? 0),
	};
}

/** The part of the input that came from caches, in words; a dash where there was no input. */
export function cachedText({ input, cached }: Pick<Sum, "input" | "cached">): string {
	return input === 0 ? "–" : `${Math.round((cached / input) * 100)} %`;
}

import { unreachable } from "../std/assert.ts";
import type { Usage } from "./backend.ts";
import { rowNamed } from "./models/model-names.ts";
import table from "./price-table.json" with { type: "json" };

/** What a million tokens cost, in US dollars. A rate that is missing is that of other input. */
export type Rates = readonly [input: number, output: number, cached?: number, written?: number];

/** Other rates: `over` so many tokens of input, `from` a day on, `daily` between two times (UTC). The last that applies holds. */
export type OtherRates =
	| readonly ["over", tokens: number, Rates]
	| readonly ["from", date: string, Rates]
	| readonly ["daily", start: string, end: string, Rates];

/** Names of one model as `rowNamed` knows them, with a space between them. */
export type PriceRow = readonly [names: string, Rates, ...OtherRates[]];

/** List prices by backend, as they were on `date`. Made by `test/support/update-prices.ts`. */
export type PriceTable = {
	readonly source: string;
	readonly date: string;
	readonly rows: Readonly<Record<string, readonly PriceRow[]>>;
};

/** JSON has no tuples. A test compares the file with what its generator makes. */
const prices = table as unknown as PriceTable;

type PricedSpec = { readonly backend: string; readonly model: string };

/**
 * US dollars for a call at `atMs` (some prices change on a day, or by the hour); null where no price is known or the
 * provider did not count.
 */
export function priceOf(spec: PricedSpec, usage: Usage, atMs: number = Date.parse(prices.date)): number | null {
	if (isOurs(spec.backend)) return 0;
	const priced = pricedInput(spec, usage, atMs);
	if (priced === null || usage.output === null) return null;
	const { tokens, rates } = priced;
	const { plain, cached, written } = tokens;
	return dollars(plain * rates.input + cached * rates.cached + written * rates.written + usage.output * rates.output);
}

/**
 * US dollars that the cache saved on a call at `atMs` against plain input: what reading it spared, less what writing to it
 * cost on top, so below 0 for one that only wrote. Null where no price is known or the provider did not count.
 */
export function savedOf(spec: PricedSpec, usage: Usage, atMs: number = Date.parse(prices.date)): number | null {
	if (isOurs(spec.backend)) return 0;
	const priced = pricedInput(spec, usage, atMs);
	if (priced === null) return null;
	const { tokens, rates } = priced;
	return dollars(tokens.cached * (rates.input - rates.cached) - tokens.written * (rates.written - rates.input));
}

/** What the provider counted of the input, and the rates that hold for so much of it. */
function pricedInput({ backend, model }: PricedSpec, usage: Usage, atMs: number) {
	const row = rowOf(backend, model);
	if (row === null || usage.input === null) return null;
	const [input, output, cached = input, written = input] = ratesAt(row, usage.input, atMs);
	return { tokens: split(usage, usage.input), rates: { input, output, cached, written } };
}

/** The tokens of the input by what they cost. More cached or written ones than there was input are not believed. */
function split(usage: Usage, input: number): { readonly [kind in "plain" | "cached" | "written"]: number } {
	const cached = Math.min(usage.cached ?? 0, input);
	const written = Math.min(usage.written ?? 0, input - cached);
	return { plain: input - cached - written, cached, written };
}

/** No rate is finer than a millionth of a dollar, so what is cut off here is only the noise of binary fractions. */
function dollars(perMillion: number): number {
	return Math.round(perMillion * 1e6) / 1e12;
}

/** Whether a call of this model has a price, once its provider has counted its tokens. */
export function isPriced({ backend, model }: PricedSpec): boolean {
	return isOurs(backend) || rowOf(backend, model) !== null;
}

/** The demo team is code of ours in this very Worker: no provider is called, so nobody sends a bill. */
function isOurs(backend: string): boolean {
	return backend === "demo";
}

function rowOf(backend: string, model: string): PriceRow | null {
	return rowNamed(rowsByName.get(backend), model);
}

const rowsByName: ReadonlyMap<string, ReadonlyMap<string, PriceRow>> = new Map(
	Object.entries(prices.rows).map(([backend, rows]) => [
		backend,
		new Map(rows.flatMap((row) => row[0].split(" ").map((name) => [name, row] as const))),
	]),
);

function ratesAt([, rates, ...others]: PriceRow, inputTokens: number, atMs: number): Rates {
	const other = others.findLast((when) => applies(when, inputTokens, atMs));
	if (other === undefined) return rates;
	return other[0] === "daily" ? other[3] : other[2];
}

function applies(when: OtherRates, inputTokens: number, atMs: number): boolean {
	switch (when[0]) {
		case "over":
			return inputTokens > when[1];
		case "from":
			return atMs >= Date.parse(when[1]);
		case "daily": {
			const time = new Date(atMs).toISOString().slice(11, 19);
			return time >= when[1] && time < when[2];
		}
		default:
			return unreachable(when);
	}
}

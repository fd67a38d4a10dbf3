import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import {
	calcPrice,
	type ConditionalPrice,
	findProvider,
	type MatchLogic,
	type ModelInfo,
	type ModelPrice,
} from "@pydantic/genai-prices";
import type { Usage } from "../../src/backends/backend.ts";
import { hosts, type Host } from "../../src/backends/hosts.ts";
import type { OtherRates, PriceRow, PriceTable, Rates } from "../../src/backends/prices.ts";
import { assert } from "../../src/std/assert.ts";

/** `npx node test/support/update-prices.ts` writes the price table anew, from the package that is installed. */

const file = "src/backends/price-table.json";
const source = "@pydantic/genai-prices";
/** The package does not say when it was published: `npm view @pydantic/genai-prices time` does. */
const published: Readonly<Record<string, string>> = { "0.1.8": "2026-09-23" };

/** The table of the installed package, for the hosts that send bills. */
export function priceTable(): PriceTable {
	const { version, date } = release();
	const billing = Object.entries<Host>(hosts).filter(([, { key }]) => key === "needed");
	const rows = billing.map(([name, { baseUrl }]) => [name, rowsOf(name, modelsAt(baseUrl ?? ""), date)] as const);
	return { source: `${source} ${version}`, date, rows: Object.fromEntries(rows) };
}

function release(): { readonly version: string; readonly date: string } {
	const { version } = JSON.parse(readFileSync(`node_modules/${source}/package.json`, "utf8")) as { version: string };
	const date = published[version];
	assert(date !== undefined, `when was ${source} ${version} published?`);
	return { version, date };
}

/** What the source itself computes for a call on the day of the table. */
export function sourcePrice(baseUrl: string, model: string, usage: Usage): number | null {
	const counted = {
		input_tokens: usage.input ?? 0,
		output_tokens: usage.output ?? 0,
		cache_read_tokens: usage.cached ?? 0,
		cache_write_tokens: usage.written ?? 0,
	};
	const timestamp = new Date(release().date);
	return calcPrice(counted, model, { providerApiUrl: baseUrl, timestamp })?.total_price ?? null;
}

/** The models that the source lists for the service at this address. */
export function modelsAt(baseUrl: string): readonly ModelInfo[] {
	return findProvider({ providerApiUrl: baseUrl })?.models ?? [];
}

/** The first model of the source that has a name is the one it belongs to. */
function rowsOf(backend: string, models: readonly ModelInfo[], date: string): readonly PriceRow[] {
	const taken = new Set<string>();
	return models.flatMap((model) => {
		const names = [...new Set(namesOf(model.match))].filter(
			(name) => !taken.has(name) && isServed(backend, name) && isKnown(backend, name),
		);
		for (const name of names) taken.add(name);
		const rates = ratesOf(model.prices, date);
		return rates === null || names.length === 0 ? [] : [[withoutPlain(names).join(" "), ...rates]];
	});
}

/**
 * What somebody fine-tuned has no list price. OpenRouter knows models by `author/name`, no longer as `:beta`. Claude
 * stands in Google's list for another service of theirs.
 */
function isServed(backend: string, name: string): boolean {
	if (backend === "openrouter") return name.includes("/") && !name.endsWith(":beta");
	return !/^ft:|\.ft\b/.test(name) && !(backend === "gemini" && name.includes("claude"));
}

/** What is left of a rule like `magistral-small-` need not be a name that the source has a price for. */
function isKnown(backend: string, name: string): boolean {
	const { baseUrl } = hosts[backend as keyof typeof hosts];
	const token: Usage = { input: 1, output: 1, cached: 0, reasoning: 0 };
	return sourcePrice(baseUrl ?? "", name.replace(/[*#]$/, ""), token) !== null;
}

/** The source matches by prefix or part as well; here such a rule becomes `name*`: that name and its snapshots. */
export function namesOf(match: MatchLogic): readonly string[] {
	if ("or" in match) return match.or.flatMap(namesOf);
	// The second half only says what the first does not mean.
	if ("and" in match) return match.and.slice(0, 1).flatMap(namesOf);
	if ("equals" in match) return [match.equals.toLowerCase()];
	if ("ends_with" in match) return [match.ends_with.toLowerCase()];
	if ("regex" in match) return datedName(match.regex);
	const start = "starts_with" in match ? match.starts_with : match.contains;
	return [`${start.toLowerCase().replace(/[-@]$|-2025$/, "")}*`];
}

/** `name*` includes `name#`, and both include `name`. */
function withoutPlain(names: readonly string[]): readonly string[] {
	const marks = (name: string) => (name.endsWith("#") ? [`${name.slice(0, -1)}*`] : [`${name}#`, `${name}*`]);
	return names.filter((name) => !marks(name).some((marked) => names.includes(marked)));
}

/** From `^name-\d{8}$`; no other pattern names a model. */
function datedName(pattern: string): readonly string[] {
	const name = /^\^([\w.\\/-]+)-\\d/.exec(pattern)?.[1];
	return name === undefined ? [] : [`${name.replaceAll("\\", "").toLowerCase()}#`];
}

type Rated = readonly [Rates, ...OtherRates[]];

/** Rates that held on the day of the table, then those by size, by hour and to come. Null: tokens of text are not all it bills. */
function ratesOf(prices: ModelInfo["prices"], date: string): Rated | null {
	const spans: readonly ConditionalPrice[] = Array.isArray(prices) ? prices : [{ prices }];
	const now = spans.findLastIndex(({ constraint }) => constraint === undefined || isPast(constraint, date));
	const current = spans[now]?.prices;
	if (current === undefined || !isOfText(current)) return null;
	const sizes = sizesOf(current).map((tokens): OtherRates => ["over", tokens, flat(current, tokens)]);
	return [flat(current, 0), ...sizes, ...spans.slice(now + 1).map(timed)];
}

type Constraint = NonNullable<ConditionalPrice["constraint"]>;

function isPast(constraint: Constraint, date: string): boolean {
	return constraint.type === "start_date" && constraint.start_date <= date;
}

const otherOutput = [
	"output_reasoning_mtok",
	"output_image_mtok",
	"output_audio_mtok",
	"output_video_mtok",
	"requests_kcount",
];

/** A model without rates may be free or only unpriced, which the source does not tell apart. */
function isOfText(price: ModelPrice): boolean {
	return "input_mtok" in price && "output_mtok" in price && !otherOutput.some((key) => key in price);
}

const textKeys = ["input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok"] as const;

function sizesOf(price: ModelPrice): readonly number[] {
	const starts = textKeys.flatMap((key) => {
		const rate = price[key];
		return typeof rate === "object" ? rate.tiers.map(({ start }) => start) : [];
	});
	return [...new Set(starts)].toSorted((a, b) => a - b);
}

/** The rates of calls with more than so many tokens of input. */
function flat(price: ModelPrice, overTokens: number): Rates {
	const [input, output, cached, written] = textKeys.map((key) => {
		const rate = price[key];
		if (typeof rate !== "object") return rate;
		return rate.tiers.findLast(({ start }) => start <= overTokens)?.price ?? rate.base;
	});
	assert(input !== undefined && output !== undefined, "only models with both rates are asked for them");
	if (written !== undefined) return [input, output, cached ?? input, written];
	return cached === undefined ? [input, output] : [input, output, cached];
}

function timed({ constraint, prices }: ConditionalPrice): OtherRates {
	assert(constraint !== undefined && sizesOf(prices).length === 0, "rates of a time are the same for all sizes");
	if (constraint.type === "start_date") return ["from", constraint.start_date, flat(prices, 0)];
	const [start, end] = [utc(constraint.start_time), utc(constraint.end_time)];
	assert(start < end, "no span of a day crosses midnight");
	return ["daily", start, end, flat(prices, 0)];
}

function utc(time: string): string {
	assert(/^\d\d:\d\d:\d\dZ$/.test(time), "times of day are given in UTC");
	return time.slice(0, 8);
}

if (import.meta.main) {
	writeFileSync(file, JSON.stringify(priceTable()));
	execFileSync("oxfmt", [file]);
	console.log(`${file}: ${readFileSync(file).length} bytes`);
}

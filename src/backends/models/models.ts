import { rowNamed } from "./model-names.ts";
import table from "./model-table.json" with { type: "json" };

/**
 * What tells models of one host apart: what they can do, then what they refuse. `fixed_temperature`: none is taken.
 * `adaptive_only` and `budget_only`: the one kind of thinking that Claude takes. `always_thinking`: it cannot be off.
 */
export const modelTraits = [
	"tools",
	"reasoning",
	"images",
	"files",
	"structured_output",
	"fixed_temperature",
	"adaptive_only",
	"budget_only",
	"always_thinking",
] as const;
export type ModelTrait = (typeof modelTraits)[number];

/**
 * Models by backend, then by all of their traits (with a space between them), as they were on `date`. Each name stands
 * for its snapshots, too. Made by `test/support/update-models.ts`.
 */
export type ModelTable = {
	readonly source: string;
	readonly date: string;
	readonly rows: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** The traits of a model; null for one that is not in the table, of which nothing is known but its host. */
export function traitsOf(backend: string, model: string): ReadonlySet<string> | null {
	return rowNamed(traitsByName.get(backend), model);
}

const models: ModelTable = table;

const traitsByName: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> = new Map(
	Object.entries(models.rows).map(([backend, rows]) => [backend, namesOf(rows)]),
);

function namesOf(rows: ModelTable["rows"][string]): ReadonlyMap<string, ReadonlySet<string>> {
	const named = Object.entries(rows).map(
		([traits, names]) => [new Set(traits.split(" ").filter(Boolean)), names] as const,
	);
	return new Map(named.flatMap(([traits, names]) => names.map((name) => [`${name}*`, traits] as const)));
}

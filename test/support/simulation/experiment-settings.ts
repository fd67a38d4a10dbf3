import { limitBounds, protocolDefaults } from "../../../src/consensus/team.ts";
import type { AgentId, AgentSpec, Limits, Protocol, Team } from "../../../src/consensus/team.ts";

/** One row of the experiment. `revises`: how often an agent answers again instead of voting. */
export type Setting = {
	readonly revises: number;
	readonly invalidation: Protocol["invalidation"];
	readonly stop: Protocol["stop"];
	readonly pooling: boolean;
	readonly novelty: boolean;
};

const invalidations = ["all", "affected"] as const;
const stops = ["all", "settled", "agreed"] as const;
/** Each switch off by itself: what it is worth with the other one on. */
const switches = [
	{ revises: 0.15, pooling: true, novelty: true },
	{ revises: 0.5, pooling: true, novelty: true },
	{ revises: 0.15, pooling: false, novelty: true },
	{ revises: 0.15, pooling: true, novelty: false },
	{ revises: 0.5, pooling: true, novelty: false },
] as const;

/** Every row, in the order of the table. */
export const settings: readonly Setting[] = switches.flatMap((switched) =>
	invalidations.flatMap((invalidation) => stops.map((stop) => ({ ...switched, invalidation, stop }))),
);

/** The four members' accuracy, and the standard normal quantile of each. */
export const skills = [
	{ accuracy: 0.85, quantile: 1.036_433 },
	{ accuracy: 0.82, quantile: 0.915_365 },
	{ accuracy: 0.78, quantile: 0.772_193 },
	{ accuracy: 0.72, quantile: 0.582_842 },
] as const;

/** The team of a row: the contract's defaults but for the row's own settings. Its winner is not presented anew. */
export function teamOf({ invalidation, stop, novelty }: Setting): Team {
	const agents = skills.map((_, i): AgentSpec => {
		const id = `agent-${i}` as AgentId;
		return { id, backend: "demo", model: "none", system: "", params: {}, tools: [], resume: true, fallback: null };
	});
	const level = novelty ? "balanced" : "lenient";
	const protocol: Protocol = { ...protocolDefaults, invalidation, stop, novelty: level, final: "reuse" };
	const limits = Object.fromEntries(
		Object.entries(limitBounds).map(([name, bounds]) => [name, bounds.default]),
	) as Limits;
	const budget = { usd: null, tokens: null, calls: null };
	return { name: "experiment", description: "", preset: "balanced", agents, protocol, limits, budget };
}

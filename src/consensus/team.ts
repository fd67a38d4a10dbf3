import type { JsonObject } from "../std/json.ts";

export type AgentId = string & { readonly brand: "AgentId" };

/** One member as the contract has it. `resume`: use the provider's resumable mode where it has one. */
export type AgentSpec = {
	readonly id: AgentId;
	readonly backend: string;
	readonly model: string;
	readonly system: string;
	readonly params: JsonObject;
	readonly tools: readonly string[];
	readonly resume: boolean;
	/** Speaks for the agent, with its tools, once its own model is exhausted, to the end of the turn (P10). */
	readonly fallback: JudgeSpec | null;
};

/** A model that is no member by itself: one outside the team that breaks ties (P8), or an agent's fallback. */
export type JudgeSpec = { readonly backend: string; readonly model: string; readonly params: JsonObject };

export type Protocol = {
	readonly start: "sealed" | "eager";
	readonly invalidation: "all" | "affected";
	readonly stop: "all" | "settled" | "agreed";
	readonly agree: number;
	readonly novelty: "lenient" | "balanced" | "strict";
	readonly identities: "hidden" | "shown";
	readonly tally: "hidden" | "shown";
	readonly final: "present" | "reuse" | "synthesize";
	readonly attempts_max: number;
	readonly quorum: number | null;
	readonly judge: JudgeSpec | null;
};

export type Limits = { readonly [name in LimitName]: number };

/** Null: no cap. `usd` in United States dollars; `seconds` as the scope of the caps counts them. */
export type Caps = {
	readonly usd: number | null;
	readonly tokens: number | null;
	readonly calls: number | null;
	/** Missing in teams of releases that had no such cap. */
	readonly seconds?: number | null;
};

/** The caps of each turn, by the clock. Teams of older releases have only those. */
export type Budget = Caps & {
	/** Over all turns; its seconds are those that calls took, added up. */
	readonly session?: Caps | null;
	/** Of each agent in each turn; its seconds are those that its calls took. */
	readonly agent?: Caps | null;
};

/** A team with every default filled in: what `session.created` holds. */
export type Team = {
	readonly name: string;
	readonly description: string;
	readonly preset: PresetName;
	readonly agents: readonly AgentSpec[];
	readonly protocol: Protocol;
	readonly limits: Limits;
	readonly budget: Budget;
};

export const agentsMax = 16;

/** P9: every limit has a default and hard bounds. Names carry their unit where it is not a count. */
export const limitBounds = {
	answers_per_agent: { default: 3, min: 1, max: 10 },
	answers_per_attempt: { default: 12, min: 0, max: 100 },
	rounds_per_agent: { default: 6, min: 1, max: 40 },
	enforcement_max: { default: 2, min: 0, max: 10 },
	tool_calls_per_round: { default: 40, min: 0, max: 200 },
	output_tokens_per_call: { default: 16_000, min: 16, max: 128_000 },
	first_byte_seconds: { default: 60, min: 1, max: 600 },
	stall_seconds: { default: 60, min: 1, max: 600 },
	seal_seconds: { default: 60, min: 1, max: 1800 },
	round_seconds: { default: 300, min: 1, max: 3600 },
	turn_seconds: { default: 900, min: 1, max: 7200 },
	retries: { default: 3, min: 0, max: 10 },
} as const satisfies Record<string, { default: number; min: number; max: number }>;

export type LimitName = keyof typeof limitBounds;
export type PresetName = "quick" | "balanced" | "thorough";

export const protocolDefaults: Protocol = {
	start: "sealed",
	invalidation: "all",
	stop: "all",
	agree: 0.75,
	novelty: "balanced",
	identities: "hidden",
	tally: "hidden",
	final: "present",
	attempts_max: 1,
	quorum: null,
	judge: null,
};

/** What a preset changes about the defaults; keys a team sets itself win. */
export const presets: Record<PresetName, { protocol: Partial<Protocol>; limits: Partial<Limits> }> = {
	quick: { protocol: { stop: "agreed", final: "reuse" }, limits: { answers_per_agent: 1 } },
	balanced: { protocol: {}, limits: {} },
	thorough: {
		protocol: { novelty: "strict", attempts_max: 2 },
		limits: { answers_per_agent: 5, answers_per_attempt: 24, rounds_per_agent: 10 },
	},
};

/** P8: more than half of the agents that started, unless the team says otherwise. */
export function quorumOf(team: Team): number {
	return team.protocol.quorum ?? Math.floor(team.agents.length / 2) + 1;
}

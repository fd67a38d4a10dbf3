import { z } from "zod";
import {
	type AgentId,
	type AgentSpec,
	type Budget,
	type Caps,
	type LimitName,
	type Protocol,
	type Team,
	agentsMax,
	limitBounds,
	presets,
} from "../consensus/team.ts";
import type { JsonObject } from "../std/json.ts";
import { branded } from "./branded.ts";

/** Teams are listed whole, 200 of them at most: this keeps a list below what one RPC may carry (32 MiB). */
export const teamBytesMax = 131_072;
const budgetMax = 1_000_000_000;

const agentIdPattern = /^[a-z][a-z0-9_-]{0,31}$/;
/** An agent's id within its team. */
export const agentId = branded<AgentId>(z.string().regex(agentIdPattern, "must match [a-z][a-z0-9_-]{0,31}"));
/** What is handed on as it is: settings of a model, arguments of a tool. */
export const params = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>;
const named = z.string().min(1).max(200);

/** A team's name, in a path or a document. */
export const TeamName = z
	.string()
	.regex(
		/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
		"must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit",
	);

const modelShape = { backend: named, model: named };
const judge = z.strictObject({ ...modelShape, params: params.default({}) });
const agentShape = {
	id: agentId,
	...modelShape,
	system: z.string().max(100_000).default(""),
	params: params.default({}),
	tools: z.array(named).max(64).default([]),
	resume: z.boolean().default(true),
	fallback: judge.nullable().default(null),
};
const protocolShape = {
	start: z.enum(["sealed", "eager"]),
	invalidation: z.enum(["all", "affected"]),
	stop: z.enum(["all", "settled", "agreed"]),
	agree: z.number().gt(0).max(1),
	novelty: z.enum(["lenient", "balanced", "strict"]),
	identities: z.enum(["hidden", "shown"]),
	tally: z.enum(["hidden", "shown"]),
	final: z.enum(["present", "reuse", "synthesize"]),
	// All attempts share one turn, of two hours at most. Ten leave twelve minutes to each, enough for two rounds of the default
	// length and a presentation; more would only be cut short by the clock, after they were paid for.
	attempts_max: z.int().min(1).max(10),
	quorum: z.int().min(1).max(agentsMax).nullable(),
	judge: judge.nullable(),
};
const limit = (name: LimitName) => z.int().min(limitBounds[name].min).max(limitBounds[name].max);
const limitsShape = {
	answers_per_agent: limit("answers_per_agent"),
	answers_per_attempt: limit("answers_per_attempt"),
	rounds_per_agent: limit("rounds_per_agent"),
	enforcement_max: limit("enforcement_max"),
	tool_calls_per_round: limit("tool_calls_per_round"),
	output_tokens_per_call: limit("output_tokens_per_call"),
	first_byte_seconds: limit("first_byte_seconds"),
	stall_seconds: limit("stall_seconds"),
	seal_seconds: limit("seal_seconds"),
	round_seconds: limit("round_seconds"),
	turn_seconds: limit("turn_seconds"),
	retries: limit("retries"),
} satisfies Record<LimitName, z.ZodType<number>>;
const capsShape = {
	usd: z.number().gt(0).max(budgetMax).nullable().default(null),
	tokens: z.int().min(1).max(budgetMax).nullable().default(null),
	calls: z.int().min(1).max(budgetMax).nullable().default(null),
};
const turnSeconds = z.int().min(1).max(limitBounds.turn_seconds.max).nullable();
const callSeconds = z.int().min(1).max(budgetMax).nullable();
const caps = z.strictObject({ ...capsShape, seconds: callSeconds.exactOptional() }) satisfies z.ZodType<Caps>;
/** What a turn may cost, and the session and each agent; null where there is no cap, and so where a key is missing. */
export const budget = z.strictObject({
	...capsShape,
	seconds: turnSeconds.exactOptional(),
	session: caps.nullable().exactOptional(),
	agent: caps.nullable().exactOptional(),
}) satisfies z.ZodType<Budget>;
const presetName = z.enum(Object.keys(presets) as (keyof typeof presets)[]);
const agentsOf = <T extends z.ZodType>(agent: T) =>
	z.array(agent).min(1, "must have at least 1 agent").max(agentsMax, `must have at most ${agentsMax} agents`);

/** A team as people write it: only `agents` must be there, everything else has a default. */
export const TeamInput = z.strictObject({
	name: TeamName.exactOptional(),
	description: z.string().max(2000).default(""),
	preset: presetName.default("balanced"),
	agents: agentsOf(z.strictObject(agentShape)),
	protocol: z.strictObject(protocolShape).partial().default({}),
	limits: z.strictObject(limitsShape).partial().default({}),
	budget: budget.default({ usd: null, tokens: null, calls: null }),
});
export type TeamDraft = z.output<typeof TeamInput>;

/** A team with every default filled in. */
export const FullTeam = z.strictObject({
	name: TeamName,
	description: z.string(),
	preset: presetName,
	agents: agentsOf(z.strictObject(agentShape) satisfies z.ZodType<AgentSpec>),
	protocol: z.strictObject(protocolShape) satisfies z.ZodType<Protocol>,
	limits: z.strictObject(limitsShape),
	budget,
}) satisfies z.ZodType<Team>;

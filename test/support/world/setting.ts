import type { Command } from "../../../src/consensus/commands.ts";
import { limitBounds, protocolDefaults } from "../../../src/consensus/team.ts";
import type { AgentId, Budget, Limits, Protocol, Team } from "../../../src/consensus/team.ts";
import type { Temper } from "./models.ts";
import type { Outage } from "./storage.ts";
import type { StreamFault } from "./stream-faults.ts";

/** One agent's model and its provider. */
export type Member = {
	readonly id: string;
	readonly temper: Temper;
	/** What the provider has of a call whose machine is gone; `shakily`: the first try to take it up finds no connection. */
	readonly keeps: "everything" | "shakily" | "forgets" | "nothing";
	/** Brings no reply to its end. */
	readonly hangs: boolean;
};

export type AlarmFault = { readonly lateMs: number; readonly times: 0 | 1 | 2 };
/** What a receiver does with a try; `silent`: takes it, and its answer is lost. */
export type Receipt = "takes" | "fails" | "silent";

/** Everything that goes wrong. What is given by number is asked for with 0, 1, ... as it comes up. */
export type Faults = {
	/** The numbers of the steps (from 1) at which the process dies. */
	readonly deaths: readonly number[];
	readonly outages: readonly Outage[];
	readonly streams: (number: number) => StreamFault | null;
	readonly alarms: (number: number) => AlarmFault;
	readonly receipts: (number: number) => Receipt;
	/** The wall clock is set. */
	readonly clock: readonly { readonly afterMs: number; readonly byMs: number }[];
	/** A new machine takes over while the one before still lives, for so long. */
	readonly zombies: readonly { readonly afterMs: number; readonly livesMs: number }[];
};

/** One world: a session, who takes part in it, and what goes wrong. */
export type Setting = {
	readonly seed: number;
	readonly team: Team;
	readonly agents: readonly [Member, ...Member[]];
	/** What a person does. */
	readonly acts: readonly { readonly afterMs: number; readonly command: Command }[];
	/** When each watcher comes, and after how many events its connection breaks each time. */
	readonly watchers: readonly { readonly afterMs: number; readonly breaksAfter: number | null }[];
	/** Names of webhooks, with the events that each wants; null: those that end a turn. */
	readonly webhooks: readonly { readonly name: string; readonly events: readonly string[] | null }[];
	readonly faults: Faults;
	/** So often somebody looks in, whatever the alarm does. */
	readonly visitsMs: number;
	/** So much later than it says may a deadline expire, by the faults there are. */
	readonly slackMs: number;
	/** Whether time decides nothing here, so that the outcome is the same in any case. */
	readonly timeless: boolean;
};

export const noFaults: Faults = {
	deaths: [],
	outages: [],
	streams: () => null,
	alarms: () => ({ lateMs: 0, times: 1 }),
	receipts: () => "takes",
	clock: [],
	zombies: [],
};

type TeamSettings = {
	readonly protocol: Partial<Protocol>;
	readonly limits: Partial<Limits>;
	readonly budget?: Partial<Budget>;
};

/** A team of these agents; each one's model has its name. */
export function teamOf(agents: readonly Member[], { protocol, limits, budget }: TeamSettings): Team {
	const defaults = Object.fromEntries(Object.entries(limitBounds).map(([name, bounds]) => [name, bounds.default]));
	return {
		name: "world",
		description: "",
		preset: "balanced",
		agents: agents.map(({ id, keeps }) => ({
			id: id as AgentId,
			backend: "demo",
			model: id,
			system: "",
			params: {},
			tools: [],
			resume: keeps !== "nothing",
			fallback: null,
		})),
		protocol: { ...protocolDefaults, ...protocol },
		limits: { ...(defaults as Limits), ...limits },
		budget: { usd: null, tokens: null, calls: null, ...budget },
	};
}

const calm: Temper = { drafts: 1, hesitates: 0, fails: 0, paceMs: 300 };

/**
 * The session whose every step is died at: a provider that keeps calls, one that does not, one that has forgotten, one
 * agent that never ends, so that the seal and its round end by their deadlines; a second turn, and a person who interrupts.
 */
export function referenceSetting(faults: Partial<Faults> = {}): Setting {
	const agents: Setting["agents"] = [
		{ id: "keeper", temper: { ...calm, drafts: 2 }, keeps: "everything", hangs: false },
		{ id: "plain", temper: { ...calm, hesitates: 1 }, keeps: "nothing", hangs: false },
		{ id: "forgetful", temper: { ...calm, paceMs: 500 }, keeps: "forgets", hangs: false },
		{ id: "endless", temper: calm, keeps: "nothing", hangs: true },
	];
	const limits = { round_seconds: 60, seal_seconds: 20, turn_seconds: 900 };
	return {
		seed: 1,
		team: teamOf(agents, { protocol: {}, limits }),
		agents,
		acts: [
			{ afterMs: 1_500, command: { type: "suspend", detail: "Somebody asked for it." } },
			{ afterMs: 2_500, command: { type: "resume" } },
			{ afterMs: 200_000, command: { type: "message", text: "And now?" } },
		],
		watchers: [
			{ afterMs: 0, breaksAfter: null },
			{ afterMs: 5_000, breaksAfter: 7 },
		],
		webhooks: [
			{ name: "ends", events: null },
			{ name: "all-answers", events: ["answer.accepted", "vote.cast", "turn.finished"] },
		],
		faults: { ...noFaults, ...faults },
		visitsMs: 30_000,
		slackMs: 2_500,
		timeless: true,
	};
}

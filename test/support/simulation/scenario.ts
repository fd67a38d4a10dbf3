import type { Command } from "../../../src/consensus/commands.ts";
import { limitBounds, protocolDefaults } from "../../../src/consensus/team.ts";
import type {
	AgentId,
	AgentSpec,
	Budget,
	Caps,
	LimitName,
	Limits,
	Protocol,
	Team,
} from "../../../src/consensus/team.ts";
import type { Chance } from "./chance.ts";

/** How one agent tends to behave; each a probability. */
export type Temper = {
	readonly revises: number;
	readonly copies: number;
	readonly breaksRules: number;
	readonly fails: number;
	readonly hangs: number;
	readonly pauses: number;
	readonly secondsMax: number;
};

/** One simulated session: the team, how its members behave, and what people do when. */
export type Scenario = {
	readonly team: Team;
	readonly labelSeed: number;
	readonly tempers: readonly Temper[];
	/** How many different answers there are; few, so that identical ones meet. */
	readonly answersMax: number;
	readonly people: readonly { readonly atMs: number; readonly command: Command }[];
};

/** Draws a session; small limits and odd settings are as likely as the defaults. */
export function scenarioOf(chance: Chance): Scenario {
	const team = teamOf(chance);
	const wild = chance.happens(0.7);
	return {
		team,
		labelSeed: chance.between(0, 2 ** 31),
		tempers: team.agents.map(() => temperOf(chance, wild)),
		answersMax: chance.between(1, 6),
		people: chance.happens(0.4) ? peopleOf(chance, team) : [],
	};
}

function teamOf(chance: Chance): Team {
	const size = chance.pick([1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 8]);
	const agents = Array.from({ length: size }, (_, i) => agentOf(i, chance.happens(0.3)));
	const protocol = protocolOf(chance, size);
	return {
		name: "simulated",
		description: "",
		preset: "balanced",
		agents,
		protocol,
		limits: limitsOf(chance),
		budget: budgetOf(chance),
	};
}

function agentOf(index: number, spared: boolean): AgentSpec {
	const id = `agent-${index}` as AgentId;
	const fallback = spared ? { backend: "other", model: "spare", params: {} } : null;
	return { id, backend: "demo", model: "none", system: "", params: {}, tools: [], resume: true, fallback };
}

function protocolOf(chance: Chance, size: number): Protocol {
	return {
		...protocolDefaults,
		start: chance.pick(["sealed", "sealed", "eager"]),
		invalidation: chance.pick(["all", "affected"]),
		stop: chance.pick(["all", "settled", "agreed"]),
		agree: chance.pick([0.4, 0.5, 0.75, 1]),
		novelty: chance.pick(["lenient", "balanced", "strict"]),
		final: chance.pick(["present", "reuse", "synthesize"]),
		quorum: chance.happens(0.3) ? chance.between(1, size) : null,
		judge: chance.happens(0.3) ? { backend: "demo", model: "judge", params: {} } : null,
	};
}

const smallLimits: { readonly [name in LimitName]?: readonly [number, ...number[]] } = {
	answers_per_agent: [1, 2, 3],
	answers_per_attempt: [0, 1, 3, 12],
	rounds_per_agent: [1, 2, 3, 6],
	enforcement_max: [0, 1, 2],
	seal_seconds: [1, 20, 60],
	round_seconds: [30, 60, 300],
	turn_seconds: [60, 200, 900],
	retries: [0, 1, 3],
};

function limitsOf(chance: Chance): Limits {
	const entries = Object.entries(limitBounds).map(([name, bounds]) => {
		const small = smallLimits[name as LimitName];
		return [name, small !== undefined && chance.happens(0.5) ? chance.pick(small) : bounds.default];
	});
	return Object.fromEntries(entries) as Limits;
}

function budgetOf(chance: Chance): Budget {
	return {
		...capsOf(chance),
		seconds: chance.happens(0.1) ? chance.pick([1, 20, 100, 800]) : null,
		...(chance.happens(0.12) ? { session: chance.happens(0.8) ? capsOf(chance) : null } : {}),
		...(chance.happens(0.12) ? { agent: chance.happens(0.8) ? capsOf(chance) : null } : {}),
	};
}

function capsOf(chance: Chance): Caps {
	return {
		usd: chance.happens(0.1) ? chance.between(0, 24) / 128 : null,
		tokens: chance.happens(0.15) ? chance.between(0, 5_000) : null,
		calls: chance.happens(0.15) ? chance.between(0, 25) : null,
		...(chance.happens(0.1) ? { seconds: chance.between(1, 300) } : {}),
	};
}

function temperOf(chance: Chance, wild: boolean): Temper {
	const some = (probabilityMax: number) => (wild && chance.happens(0.4) ? chance.next() * probabilityMax : 0.01);
	return {
		revises: chance.next() * 0.6,
		copies: chance.next() * 0.4,
		breaksRules: some(0.5),
		fails: some(0.6),
		hangs: some(0.3),
		pauses: wild && chance.happens(0.2) ? chance.pick([0.2, 0.95]) : 0.01,
		secondsMax: chance.pick([5, 30, 30, 90]),
	};
}

function peopleOf(chance: Chance, team: Team): Scenario["people"] {
	const busy = chance.happens(0.1);
	return Array.from({ length: chance.between(1, busy ? 14 : 4) }, () => {
		const atMs = chance.between(0, chance.pick([5_000, 60_000, 200_000]));
		return { atMs, command: busy ? ({ type: "message", text: "More." } as const) : requestOf(chance, team) };
	});
}

function requestOf(chance: Chance, team: Team): Command {
	const [first, ...rest] = team.agents.map(({ id }) => id);
	const agents: readonly [AgentId, ...AgentId[]] = [first ?? ("nobody" as AgentId), ...rest, "nobody" as AgentId];
	return chance.pick<Command>([
		{ type: "note", text: "Think of the units." },
		{ type: "drop_agent", agent: chance.pick(agents) },
		{ type: "answer_now" },
		{ type: "cancel" },
		{ type: "message", text: `And ${chance.between(1, 3)}?` },
		{ type: "budget", budget: budgetOf(chance) },
	]);
}

import type { Command } from "../../../src/consensus/commands.ts";
import { limitBounds, type AgentId, type Protocol } from "../../../src/consensus/team.ts";
import { chanceOf, type Chance } from "../simulation/chance.ts";
import type { Temper } from "./models.ts";
import { noFaults, teamOf, type Faults, type Member, type Receipt, type Setting } from "./setting.ts";
import type { StreamFault } from "./stream-faults.ts";

/** What makes a world's outcome depend on time: then only what must hold in any case is compared. */
type Weather = "calm" | "stormy";

/**
 * The world of a seed, without its faults. In calm weather no deadline is ever near, so that who wins depends on nothing but
 * what models were shown; in a storm limits are short, people interfere and rules differ.
 */
export function drawn(seed: number): Setting {
	const chance = chanceOf(seed);
	const weather: Weather = chance.happens(0.6) ? "calm" : "stormy";
	const agents = membersOf(chance);
	return {
		seed,
		team: weather === "calm" ? calmTeam(chance, agents) : stormyTeam(chance, agents),
		agents,
		acts: actsOf(chance, agents, weather),
		watchers: Array.from({ length: chance.between(0, 2) }, () => ({
			afterMs: chance.between(0, 8_000),
			breaksAfter: chance.happens(0.5) ? chance.between(1, 9) : null,
		})),
		webhooks: webhooksOf(chance),
		faults: noFaults,
		visitsMs: 30_000,
		slackMs: 2_500,
		timeless: weather === "calm",
	};
}

function membersOf(chance: Chance): Setting["agents"] {
	const [first, ...more] = Array.from({ length: chance.pick([1, 1, 2, 2, 2, 3, 3, 4]) }, (_, i) =>
		memberOf(chance, i),
	);
	return [first ?? memberOf(chance, 0), ...more];
}

function memberOf(chance: Chance, index: number): Member {
	const temper: Temper = {
		drafts: chance.pick([1, 1, 1, 2]),
		hesitates: chance.pick([0, 0, 0.3]),
		fails: chance.pick([0, 0, 0.2]),
		paceMs: chance.pick([150, 300, 600]),
	};
	const keeps = chance.pick(["everything", "shakily", "forgets", "nothing", "nothing"] as const);
	return { id: `agent-${index}`, temper, keeps, hangs: false };
}

function calmTeam(chance: Chance, agents: readonly Member[]) {
	const { seal_seconds, round_seconds, turn_seconds } = limitBounds;
	const limits = {
		seal_seconds: seal_seconds.max,
		round_seconds: round_seconds.max,
		turn_seconds: turn_seconds.max,
	};
	return teamOf(agents, { protocol: { final: chance.pick(["present", "reuse", "synthesize"]) }, limits });
}

function stormyTeam(chance: Chance, agents: readonly Member[]) {
	const protocol: Partial<Protocol> = {
		start: chance.pick<Protocol["start"]>(["sealed", "eager"]),
		invalidation: chance.pick<Protocol["invalidation"]>(["all", "affected"]),
		stop: chance.pick<Protocol["stop"]>(["all", "settled", "agreed"]),
		final: chance.pick<Protocol["final"]>(["present", "reuse"]),
	};
	const limits = {
		seal_seconds: chance.pick([5, 20]),
		round_seconds: chance.pick([10, 30, 60]),
		turn_seconds: chance.pick([40, 120, 900]),
		stall_seconds: chance.pick([5, 30]),
		retries: chance.pick([0, 1, 3]),
	};
	const budget = { calls: chance.happens(0.3) ? chance.between(2, 14) : null };
	return teamOf(agents, { protocol, limits, budget });
}

function actsOf(chance: Chance, agents: readonly Member[], weather: Weather): Setting["acts"] {
	const acts: { afterMs: number; command: Command }[] = [];
	if (chance.happens(0.3)) {
		const afterMs = chance.between(500, 8_000);
		acts.push({ afterMs, command: { type: "suspend", detail: "Somebody asked for it." } });
		acts.push({ afterMs: afterMs + chance.between(200, 5_000), command: { type: "resume" } });
	}
	if (chance.happens(0.12))
		acts.push({ afterMs: chance.between(9_000, 20_000), command: { type: "message", text: "And?" } });
	if (weather === "stormy" && chance.happens(0.3)) {
		const [first, ...rest] = agents.map(({ id }) => id as AgentId);
		const command = chance.pick<Command>([
			{ type: "note", text: "Think of the units." },
			{ type: "answer_now" },
			{ type: "cancel" },
			{ type: "drop_agent", agent: chance.pick([first ?? ("agent-0" as AgentId), ...rest]) },
		]);
		acts.push({ afterMs: chance.between(500, 15_000), command });
	}
	return acts.toSorted((a, b) => a.afterMs - b.afterMs);
}

function webhooksOf(chance: Chance): Setting["webhooks"] {
	const all = { name: "votes", events: ["answer.accepted", "vote.cast", "turn.finished"] };
	return [...(chance.happens(0.7) ? [{ name: "ends", events: null }] : []), ...(chance.happens(0.4) ? [all] : [])];
}

/** The same world with everything that may go wrong in it. `stepsMax`: how many steps it has without. */
export function withFaults(setting: Setting, stepsMax: number): Setting {
	const chance = chanceOf(setting.seed ^ 0x5f5e100);
	const stormy = !setting.timeless;
	const clock =
		stormy && chance.happens(0.25) ? [{ afterMs: chance.between(0, 20_000), byMs: clockStep(chance) }] : [];
	const alarms = chance.happens(0.3) ? oddAlarms(chance) : noFaults.alarms;
	const outages = chance.happens(0.4) ? outagesOf(chance, stepsMax) : [];
	const faults: Faults = {
		deaths: Array.from({ length: chance.pick([0, 1, 1, 1, 2, 3]) }, () =>
			chance.between(1, Math.ceil(stepsMax * 1.2)),
		),
		outages,
		streams: stormy && chance.happens(0.5) ? oddStreams(setting.seed) : noFaults.streams,
		alarms,
		receipts: chance.happens(0.4) ? oddReceipts(setting.seed) : noFaults.receipts,
		clock,
		zombies: chance.happens(0.3)
			? [{ afterMs: chance.between(500, 15_000), livesMs: chance.between(1_000, 60_000) }]
			: [],
	};
	return { ...setting, faults, slackMs: slackOf(setting, faults, alarms !== noFaults.alarms) };
}

/** What the faults may cost a deadline: waiting for a visit, for the disk, and its own length where the clock goes back. */
function slackOf(setting: Setting, { outages, clock }: Faults, odd: boolean): number {
	const lostMs = odd ? lateMsMax + setting.visitsMs : 0;
	const diskMs = outages.length > 0 ? 180_000 : 0;
	const backMs = clock.reduce((sum, { byMs }) => sum + Math.max(0, -byMs), 0);
	return setting.slackMs + setting.visitsMs + lostMs + diskMs + backMs;
}

function clockStep(chance: Chance): number {
	return chance.pick([-3_600_000, -60_000, -5_000, -500, 500, 60_000]);
}

const lateMsMax = 40_000;

function oddAlarms(chance: Chance): Faults["alarms"] {
	const odds = Array.from({ length: 16 }, () => ({
		lateMs: chance.happens(0.4) ? chance.between(1, lateMsMax) : 0,
		times: chance.pick([0, 1, 1, 1, 2] as const),
	}));
	return (number) => odds[number % odds.length] ?? { lateMs: 0, times: 1 };
}

function outagesOf(chance: Chance, stepsMax: number): Faults["outages"] {
	return Array.from({ length: chance.between(1, 2) }, () => ({
		from: chance.between(1, stepsMax),
		times: chance.pick([1, 1, 2, 4, 8]),
	}));
}

function oddStreams(seed: number): Faults["streams"] {
	return (number) => {
		const chance = chanceOf((seed ^ 0x2545f491) + number);
		if (!chance.happens(0.3)) return null;
		return chance.pick<StreamFault>(["stalls", "times_out", "trickles", "duplicates", "endless"]);
	};
}

function oddReceipts(seed: number): Faults["receipts"] {
	return (number) => {
		// Never for ever: a receiver that takes nothing ten times has lost what it was sent.
		if (number % 3 === 2) return "takes";
		const chance = chanceOf((seed ^ 0x7f4a7c15) + number);
		return chance.happens(0.4) ? chance.pick<Receipt>(["fails", "silent"]) : "takes";
	};
}

import type { Command, ModelReply } from "../../../src/consensus/commands.ts";
import type { CallId, SessionEvent } from "../../../src/consensus/events.ts";
import { isCopy } from "../../../src/consensus/novelty.ts";
import type { WantedCall } from "../../../src/consensus/plan.ts";
import { emptySession, type SessionState } from "../../../src/consensus/state.ts";
import type { Team } from "../../../src/consensus/team.ts";
import { chanceOf, type Chance } from "./chance.ts";
import type { Core } from "./core.ts";
import { skills, type Setting } from "./experiment-settings.ts";
import { viewOf, type Shown, type View } from "./population.ts";

/** What came of one question. `early`: it ended with agents at work; `anew`: one of them would have brought an answer. */
export type Asked = {
	readonly answered: boolean;
	readonly right: boolean;
	readonly consensus: boolean;
	readonly calls: number;
	readonly early: boolean;
	readonly anew: boolean;
};

/** P(a viewer of two picks the true one), and how much more an agent likes its own. */
const discrimination = 0.72;
const selfPull = 1.5;
const correlation = 0.45;
const decoyShare = 0.6;
/** Of those who answer again, how many say again in their words what they like best. */
const adopting = 0.8;
const truth = 0;
const decoy = 1;
const commandsMax = 2_000;

type Question = {
	readonly core: Core;
	readonly team: Team;
	readonly setting: Setting;
	readonly chance: Chance;
	readonly first: readonly number[];
};
type Call = { readonly id: CallId; readonly reply: ModelReply; readonly shown: readonly Shown[] };

/** One question asked of the team. The members' first answers depend on the seed alone, so rows compare like with like. */
export function ask(core: Core, team: Team, { setting, seed }: { setting: Setting; seed: number }): Asked {
	const question: Question = {
		core,
		team,
		setting,
		chance: chanceOf(seed ^ 0x2545f491),
		first: firstAnswers(chanceOf(seed)),
	};
	const open = new Map<CallId, Call>();
	let state: SessionState = emptySession;
	let calls = 0;
	let events: readonly SessionEvent[] = [];
	let left: readonly Call[] = [];
	const give = (command: Command) => {
		const outcome = core.transition(state, command);
		if (!outcome.ok) throw new Error(`${command.type} was refused`);
		({ state, events } = outcome);
		return events.some(({ type }) => type === "turn.finished");
	};
	let over = give({ type: "open", team, seed, question: "?" });
	for (let step = 0; !over && step < commandsMax; step++) {
		for (const call of core.plan(state).calls.filter(({ status }) => status === "due")) {
			give({ type: "call.dispatched", call: call.id });
			open.set(call.id, { id: call.id, ...replyTo(question, state, call) });
			calls++;
		}
		const [next, ...others] = shuffledFirst([...open.values()], question.chance);
		if (next === undefined) break;
		open.delete(next.id);
		left = others;
		over = give({ type: "call.ended", call: next.id, reply: next.reply, bill: { usage: null, costUsd: null } });
	}
	return result(question, { events, calls, left });
}

function result(
	{ setting, team }: Question,
	{ events, calls, left }: { events: readonly SessionEvent[]; calls: number; left: readonly Call[] },
): Asked {
	const end = events.find((event) => event.type === "turn.finished");
	const brings = ({ reply, shown }: Call) =>
		reply.toolCalls.some((call) => call.name === "new_answer" && isNew(String(call.arguments["content"]), shown));
	const isNew = (text: string, shown: readonly Shown[]) =>
		!shown.some((other) => isCopy(text, other.text, team.protocol.novelty));
	return {
		answered: end !== undefined,
		right: end !== undefined && meaningOf(end.answer) === truth,
		consensus: end?.consensus === true,
		calls,
		early: setting.stop !== "all" && left.length > 0,
		anew: setting.stop !== "all" && left.some(brings),
	};
}

/** One-factor Gaussian copula: a question hard for one is hard for the others; wrong answers often meet in a decoy. */
function firstAnswers(chance: Chance): readonly number[] {
	const common = normal(chance);
	return skills.map(({ quantile }, i) => {
		const ease = Math.sqrt(correlation) * common + Math.sqrt(1 - correlation) * normal(chance);
		const wrong = chance.happens(decoyShare) ? decoy : 2 + i;
		return ease < quantile ? truth : wrong;
	});
}

function normal(chance: Chance): number {
	return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
}

function replyTo(
	question: Question,
	state: SessionState,
	call: WantedCall,
): { reply: ModelReply; shown: readonly Shown[] } {
	if (state.status === "empty") throw new Error("a call outside a session");
	const agent = question.team.agents.findIndex(({ id }) => id === call.agent);
	const view = viewOf(question.core, state, call);
	return { reply: decide(question, view, agent), shown: view.shown };
}

function decide(question: Question, view: View, agent: number): ModelReply {
	const { chance, setting, first } = question;
	const own = first[agent] ?? truth;
	if (view.shown.length === 0) return answering(own, { question, agent });
	const liked = preferred(view.shown, own, chance);
	if (!view.offers.includes("new_answer") || !chance.happens(setting.revises))
		return calling("vote", { answer: liked.label, reason: "" });
	if (chance.happens(adopting))
		return calling("new_answer", {
			content: liked.text.replace(/answer|result/, (word) => (word === "answer" ? "result" : "answer")),
		});
	const rethought = chance.happens(skills[agent]?.accuracy ?? 0) ? truth : chance.between(decoy, 9);
	return answering(rethought, { question, agent });
}

/** Where pooling is off, each text has something of its author's, so that no two are identical. */
function answering(meaning: number, { question, agent }: { question: Question; agent: number }): ModelReply {
	const own = question.setting.pooling ? "" : ` Case ${agent + 1}${question.chance.between(0, 99_999)}.`;
	return calling("new_answer", { content: `The answer is ${meaning}.${own}` });
}

function preferred(shown: readonly Shown[], own: number, chance: Chance): Shown {
	const weights = shown.map(({ text }) => {
		const meaning = meaningOf(text);
		return (meaning === truth ? discrimination / (1 - discrimination) : 1) * (meaning === own ? selfPull : 1);
	});
	let drawn = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
	const at = weights.findIndex((weight) => (drawn -= weight) < 0);
	return shown[at] ?? (shown[0] as Shown);
}

const meaningOf = (text: string): number => Number(/is (\d+)/.exec(text)?.[1]);

function calling(name: "vote" | "new_answer", args: { [key: string]: string }): ModelReply {
	return { text: "", toolCalls: [{ name, arguments: args }], paused: false };
}

/** Any of them may be the next to finish. */
function shuffledFirst<T>(items: readonly T[], chance: Chance): readonly T[] {
	const at = chance.between(0, items.length - 1);
	return [...items.slice(at, at + 1), ...items.slice(0, at), ...items.slice(at + 1)];
}

import type { NameHeard } from "../fake-background.ts";
import { shownAnswers, startFakeProviders } from "../fake-providers.ts";
import type { Brain, FakeRequest, Step } from "../fake-script.ts";
import { newAnswer } from "../members.ts";
import type { Chance } from "../simulation/chance.ts";

/** A request that a provider would bill. `endedMs`: when it had nothing more to say, or its client had gone. */
type Paid = { readonly session: number; endedMs: number | null; readonly name: Name | null };

/** What became of the name by which an answer can be asked for again: when it had left, and whether it was used. */
type Name = { toldMs: number | null; used: boolean };

export type PayingProvider = {
	readonly settings: Readonly<Record<string, string>>;
	/** How often a session has paid so far. */
	readonly paidBy: (session: number) => number;
	/**
	 * How many of a session's paid requests were open at a kill. One that was open at several counts once: what is paid
	 * once can be lost once.
	 */
	readonly openAtKills: (session: number) => number;
	/**
	 * Of a session's paid requests, those whose answers are kept and can be taken up; and how many of them nobody could take
	 * up: the server was killed after the request had arrived, and before it could know the name of the answer. No provider
	 * takes a name of ours, or finds an answer by anything else, so these are paid for once more.
	 */
	readonly resumable: (session: number) => { readonly paid: number; readonly unreachable: number };
	/** The server was killed at this moment, and is dead by now. */
	readonly killed: (atMs: number) => void;
	/** How many answers were taken up again, for nothing, where they had been made in the background. */
	readonly resumed: () => number;
	readonly close: () => Promise<void>;
};

/**
 * The end of an answer, or its name, may have left its provider and not have been written yet: a name was seen to take 57 ms
 * where others used the machine too, and 191 ms where it was given six times what it can do.
 */
const writtenWithinMs = 400;
/** More paid requests than this are a run that has gone mad. */
const paidMax = 20_000;

const texts = {
	stone: "Stone: it stays where it was put.",
	brick: "Brick, burnt twice.",
	straw: "Straw, since it is at hand.",
} as const;
export type Model = keyof typeof texts;

/** Slow, deterministic models that outlive every kill of those who ask them, and count what they are asked. */
export async function startPayingProvider(chance: Chance): Promise<PayingProvider> {
	const paid: Paid[] = [];
	const lost = new Set<Paid>();
	const unheard = new Set<Paid>();
	const named = new Map<string, Name>();
	const brain: Brain = async function* (request) {
		if (paid.length >= paidMax) throw new Error(`more than ${paidMax} paid requests`);
		const name = request.background ? { toldMs: null, used: false } : null;
		const bill: Paid = { session: sessionIn(request.userTexts), endedMs: null, name };
		paid.push(bill);
		if (name !== null) named.set(request.id, name);
		try {
			yield* slowly(chance);
			yield decisionOf(request);
		} finally {
			bill.endedMs = Date.now();
		}
	};
	const heard: NameHeard = (id, what) => {
		const name = named.get(id);
		if (name === undefined) return;
		if (what === "used") name.used = true;
		else name.toldMs ??= Date.now();
	};
	const fake = await startFakeProviders({ brain, heard });
	const count = (of: Iterable<Paid>, session: number) => [...of].filter((bill) => bill.session === session).length;
	return {
		settings: { ...fake.settings, GROQ_BASE_URL: `${fake.url}/v1`, GROQ_API_KEY: "fake-groq-key" },
		paidBy: (session) => count(paid, session),
		openAtKills: (session) => count(lost, session),
		resumable: (session) => ({
			paid: count(
				paid.filter(({ name }) => name !== null),
				session,
			),
			unreachable: count(
				[...unheard].filter(({ name }) => name?.used === false),
				session,
			),
		}),
		killed: (atMs) => {
			for (const bill of paid) {
				const endedMs = bill.endedMs ?? Number.POSITIVE_INFINITY;
				if (endedMs > atMs - writtenWithinMs) lost.add(bill);
				if (endedMs > atMs && isUnheard(bill, atMs)) unheard.add(bill);
			}
		},
		resumed: () => new Set(fake.followUps.filter((asked) => asked.startsWith("GET ")).map(pathOf)).size,
		close: fake.close,
	};
}

/** Whether the machine that was killed at this moment can have known by which name to ask for this answer. */
function isUnheard({ name }: Paid, killedMs: number): boolean {
	return name !== null && (name.toldMs === null || name.toldMs > killedMs - writtenWithinMs);
}

/** The question of session n, in which its models find whose request it is. */
export function questionOf(session: number): string {
	return `Question ${session}: of what shall we build?`;
}

function sessionIn(userTexts: readonly string[]): number {
	const number = /Question (\d+):/.exec(userTexts.join("\n"))?.[1];
	if (number === undefined) throw new Error("a request of no session");
	return Number(number);
}

/** 0.6 to 2 seconds, in four pauses. */
function* slowly(chance: Chance): Generator<Step> {
	for (let pause = 0; pause < 4; pause += 1) {
		yield { text: `Thought ${pause}. `, chunks: 3 };
		yield { waitMs: chance.between(150, 500) };
	}
}

/** Whoever sees the answer of stone votes for it; who sees none gives its own. Whoever has no tools presents. */
function decisionOf({ model, tools, messages }: FakeRequest): Step {
	if (tools.length === 0) return { text: "Stone it is." };
	// Some wires have the question and the answers in one message.
	const shown = messages.filter(({ role }) => role !== "assistant").flatMap(({ text }) => shownAnswers(text));
	const best = shown.find(({ text }) => text === texts.stone);
	if (best !== undefined) return { tool: "vote", arguments: { answer: best.label, reason: "It lasts." } };
	const known = Object.entries(texts).find(([name]) => name === model);
	if (known === undefined) throw new Error(`a model of nobody's: ${model}`);
	return newAnswer(known[1]);
}

function pathOf(asked: string): string {
	return asked.split("?")[0] ?? asked;
}

import type { ModelEvent, ModelRequest } from "../../../src/backends/backend.ts";
import { chanceOf, type Chance } from "../simulation/chance.ts";

/** One part of a reply, so long after the request was sent. */
export type Part = { readonly afterMs: number; readonly events: readonly ModelEvent[] };

/** How one agent's model is. */
export type Temper = {
	/** So many answers it hands in at most, each better than the one before; then it votes. */
	readonly drafts: number;
	/** Says something without deciding first. */
	readonly hesitates: number;
	/** A first request for a reply fails, before or after its stream has begun. */
	readonly fails: number;
	readonly paceMs: number;
};

type Asked = { readonly seed: number; readonly agent: string; readonly temper: Temper };

/** An answer as an agent is shown it: whose it is and which of its drafts stands in its words. */
type Shown = { readonly label: string; readonly author: string; readonly draft: number; readonly text: string };

/**
 * A model's reply: a pure function of the seed, the agent and what it was shown. `times`: how often it was asked the same
 * before; only a failure depends on it.
 */
export function replyTo({ seed, agent, temper }: Asked, request: ModelRequest, times: number): readonly Part[] {
	const shown = shownIn(request);
	const said = request.messages.filter(({ role }) => role === "assistant").length;
	const chance = chanceOf(
		hashOf(`${seed} ${agent} ${said} ${keyOf(shown)} ${request.tools.map(({ name }) => name).join()}`),
	);
	const firstMs = chance.between(1, 5) * temper.paceMs;
	const parts: Part[] = [{ afterMs: firstMs, events: [{ type: "reasoning", text: `${agent} thinks. ` }] }];
	const later = (events: readonly ModelEvent[]) =>
		void parts.push({ afterMs: (parts.at(-1)?.afterMs ?? 0) + chance.between(1, 3) * temper.paceMs, events });
	if (times === 0 && chance.happens(temper.fails)) {
		if (chance.happens(0.5)) return [{ afterMs: firstMs, events: failing("overloaded") }];
		later(failing("server"));
		return parts;
	}
	if (request.tools.length === 0) {
		for (const piece of finalOf(shown)) later([{ type: "text", text: piece }]);
		later([usage, { type: "end", stop: "end" }]);
		return parts;
	}
	for (let left = chance.between(1, 2); left > 0; left--)
		later([{ type: "text", text: wordsOf(chance, left === 1 ? 40 : 8) }]);
	if (said === 0 && chance.happens(temper.hesitates))
		later([{ type: "echo", item: { said: agent } }, usage, { type: "end", stop: "end" }]);
	else {
		later([decisionOf({ seed, agent, temper }, request, shown)]);
		later([{ type: "echo", item: { decided: agent } }, usage, { type: "end", stop: "tools" }]);
	}
	return parts;
}

/** What counts of a request for the reply. A draft that was interrupted is not part of it. */
export function keyOf(shown: readonly Shown[]): string {
	return shown
		.map(({ author, draft }) => `${author}.${draft}`)
		.toSorted()
		.join(" ");
}

const block = /<answer label="([^"]+)">(\S+) (\d+): ([^<]*)<\/answer>/g;

/** The latest draft of each author that stands anywhere in the request. */
export function shownIn(request: ModelRequest): readonly Shown[] {
	const latest = new Map<string, Shown>();
	for (const text of request.messages.flatMap(wordsIn))
		for (const [, label = "", author = "", draft, rest = ""] of text.matchAll(block))
			latest.set(author, { label, author, draft: Number(draft), text: rest });
	return [...latest.values()];
}

function wordsIn(message: ModelRequest["messages"][number]): readonly string[] {
	if (message.role === "user") return [message.text];
	return message.role === "tool" ? message.results.map(({ text }) => text) : [];
}

function decisionOf({ seed, agent, temper }: Asked, request: ModelRequest, shown: readonly Shown[]): ModelEvent {
	const own = shown.find(({ author }) => author === agent)?.draft ?? 0;
	const offered = request.tools.some(({ name }) => name === "new_answer");
	const [first, ...rest] = shown;
	if (first === undefined || (offered && own < temper.drafts))
		return calling("new_answer", { content: draftOf(seed, agent, own + 1) });
	// Most think alike, so that most sessions come to an agreement.
	const taste = chanceOf(hashOf(`${seed} ${agent} differs`)).happens(0.3) ? agent : "everybody";
	const worth = ({ author, draft }: Shown) => chanceOf(hashOf(`${seed} ${taste} likes ${author} ${draft}`)).next();
	const best = rest.reduce((top, other) => (worth(other) > worth(top) ? other : top), first);
	return calling("vote", { answer: best.label, reason: `${agent} likes it.` });
}

/** Words of its own, so that no draft repeats another one. */
function draftOf(seed: number, agent: string, draft: number): string {
	return `${agent} ${draft}: ${wordsOf(chanceOf(hashOf(`${seed} ${agent} draft ${draft}`)), 12)}`;
}

/** The chosen answer and how many others there were. */
function finalOf(shown: readonly Shown[]): readonly string[] {
	const [chosen] = shown;
	return [`${chosen?.author ?? "nobody"} ${chosen?.draft ?? 0}: ${chosen?.text ?? ""}`, ` Of ${shown.length}.`];
}

function calling(name: string, args: Readonly<Record<string, string>>): ModelEvent {
	return { type: "tool_call", call: { id: "c1", name, arguments: args } };
}

function failing(code: "overloaded" | "server"): readonly ModelEvent[] {
	const failure = { code, retryable: true, retryAfterMs: null, message: "It broke." };
	return [
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	];
}

const usage: ModelEvent = { type: "usage", usage: { input: 100, output: 50, cached: null, reasoning: null } };

function wordsOf(chance: Chance, count: number): string {
	return Array.from({ length: count }, () => chance.between(100_000, 999_999).toString(36)).join(" ");
}

/** FNV-1a. */
function hashOf(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
	return hash >>> 0;
}

import { keepingRecent, type Recent } from "../../std/recent.ts";
import type { Backend, ModelEvent, ModelRequest } from "../backend.ts";
import type { Endpoint } from "../hosts.ts";

/** Time as the lead needs it. `later` hands back what takes the timer away again. */
export type LeadClock = {
	readonly now: () => number;
	readonly later: (run: () => void, ms: number) => () => void;
};

/** A backend whose calls with one prefix let a first one go ahead, so that the others find the prefix in the cache. */
export type Leading = (backend: Backend, endpoint: Endpoint) => Backend;

/** About 1,024 tokens. Models keep prefixes from 512 to 4,096 tokens on; shorter ones are not worth a wait. */
export const leadPrefixCharsMin = 4096;
/** Nobody waits longer than this for the first one's answer to begin. */
export const leadWaitMs = 8000;
/** A cache is kept for five minutes from its last use; there is a minute for the request to arrive. */
export const leadWarmMs = 4 * 60 * 1000;
/** More prefixes are not remembered: the one used least lately is forgotten, and whoever waits for it goes. */
export const leadPrefixesMax = 1000;

/**
 * Anthropic's caches can be read once the answer that wrote them has begun
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching), so of calls that start together all would pay
 * for the same prefix. Here the first one goes, and the rest follow once it has begun, has ended, or takes too long.
 */
export function makeLeading(clock: LeadClock): Leading {
	const prefixes: Prefixes = keepingRecent(leadPrefixesMax, release);
	return (backend, endpoint) =>
		(...call) => {
			const name = prefixOf(call[0], endpoint);
			return name === null ? backend(...call) : led(backend, call, () => placeIn(prefixes, name, clock));
		};
}

/** The place is taken when the call is first read from, so that one that nobody reads leads nobody. */
async function* led(backend: Backend, call: Parameters<Backend>, take: () => Place): ReturnType<Backend> {
	const [, signal, reached = () => {}] = call;
	const place = take();
	try {
		reached("queued");
		await place.turn(signal);
		if (signal.aborted) return;
		for await (const events of backend(...call)) {
			if (events.some(isOfAnswer)) place.begun();
			yield events;
		}
	} finally {
		place.over();
	}
}

/**
 * Where a prefix stands: a first call is on its way, or the cache was used not long ago. Followers are of one session, which
 * has at most one open call for each agent, and one more.
 */
type Prefix =
	| { readonly status: "led"; readonly followers: Set<() => void>; readonly stopTimer: () => void }
	| { readonly status: "warm"; readonly untilMs: number };
type Prefixes = Recent<Prefix>;

/** One call's place among those of its prefix. `over` may be told of an answer that had begun or of one that never did. */
type Place = {
	readonly turn: (signal: AbortSignal) => Promise<void>;
	readonly begun: () => void;
	readonly over: () => void;
};

const free: Place = { turn: async () => {}, begun: () => {}, over: () => {} };

function placeIn(prefixes: Prefixes, name: string, clock: LeadClock): Place {
	const known = prefixes.known(name);
	const warm = (): void => replace(prefixes, name, { status: "warm", untilMs: clock.now() + leadWarmMs });
	if (known?.status === "led")
		return { turn: (signal) => released(known.followers, signal), begun: onlyOnce(warm), over: () => {} };
	if (known !== null && clock.now() < known.untilMs) return { ...free, begun: onlyOnce(warm) };
	const own: Prefix = {
		status: "led",
		followers: new Set(),
		stopTimer: clock.later(() => over(), leadWaitMs),
	};
	replace(prefixes, name, own);
	function over(): void {
		if (prefixes.known(name) === own) forget(prefixes, name);
	}
	return { ...free, begun: onlyOnce(warm), over };
}

/** Every read of a stream tells that it has begun. */
function onlyOnce(run: () => void): () => void {
	let done = false;
	return () => {
		if (!done) run();
		done = true;
	};
}

function replace(prefixes: Prefixes, name: string, prefix: Prefix): void {
	forget(prefixes, name);
	prefixes.of(name, () => prefix);
}

/** Nothing is known of the prefix any more. */
function forget(prefixes: Prefixes, name: string): void {
	const prefix = prefixes.known(name);
	prefixes.drop(name);
	if (prefix !== null) release(prefix);
}

/** Those who waited go, in the order in which they came. */
function release(prefix: Prefix): void {
	if (prefix.status !== "led") return;
	prefix.stopTimer();
	for (const go of prefix.followers) go();
}

function released(followers: Set<() => void>, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const go = (): void => {
			followers.delete(go);
			signal.removeEventListener("abort", go);
			resolve();
		};
		if (signal.aborted) return resolve();
		followers.add(go);
		signal.addEventListener("abort", go, { once: true });
	});
}

/** What fails before anything came wrote no cache that anybody knows of. */
function isOfAnswer({ type }: ModelEvent): boolean {
	return type !== "failed" && type !== "end";
}

/**
 * A name for what these calls share; null where it is too short to be cached. Lengths stand for the texts: within a session
 * they tell its prefixes apart, and a mistake would only cost a wait or a second write.
 */
function prefixOf({ system, tools, ...request }: ModelRequest, endpoint: Endpoint): string | null {
	const [first] = request.messages;
	const task = first?.role === "user" ? [first.text, ...(first.attachments ?? []).map(({ base64 }) => base64)] : [];
	const chars = [JSON.stringify(tools), system, ...task].map(({ length }) => length);
	if (chars.reduce((sum, length) => sum + length, 0) < leadPrefixCharsMin) return null;
	const { model, params, serverTools, output, cacheKey } = request;
	return JSON.stringify([endpoint.baseUrl, cacheKey, model, params, serverTools, output, chars]);
}

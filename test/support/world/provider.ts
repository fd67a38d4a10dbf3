import type { Backend, ModelEvent, ModelRequest, Resume } from "../../../src/backends/backend.ts";
import type { WantedCall } from "../../../src/consensus/plan.ts";
import type { Breaches } from "./breaches.ts";
import type { Clock } from "./clock.ts";
import { never, type Life, type Steps } from "./life.ts";
import { keyOf, replyTo, shownIn, type Part } from "./models.ts";
import { faulty } from "./stream-faults.ts";
import type { Member, Setting } from "./setting.ts";

/** One request that a provider was really sent, and charges for. */
export type Paid = {
	readonly call: string;
	readonly life: Life;
	/** What it can be taken up by; null where the provider keeps none. */
	readonly handle: string | null;
	readonly parts: readonly Part[];
	readonly sentMs: number;
	/** It brings no reply to whoever takes it up: it failed by itself, or its network or its provider lost it. */
	readonly broken: boolean;
	resumes: number;
	/** Who has read it to its end. */
	endedBy: Life | null;
	/** So many of its parts were read by a machine that lived to ask for the next one. */
	read: number;
};

export type Provider = {
	readonly open: (life: Life) => (spec: WantedCall["model"]) => Backend;
	readonly resume: (life: Life) => (spec: WantedCall["model"]) => Resume | null;
	readonly paid: readonly Paid[];
};

type Doors = {
	readonly setting: Setting;
	readonly clock: Clock;
	readonly steps: Steps;
	readonly breaches: Breaches;
	/** The calls of this model that the ledger has open, as it is on disk. */
	readonly dispatched: (model: string) => readonly string[];
};

/** Every model of the world. It counts what it is really asked, and keeps computing whoever listens. */
export function makeProvider(doors: Doors): Provider {
	const paid: Paid[] = [];
	const times = new Map<string, number>();
	const sent = (life: Life, model: string, request: ModelRequest): Paid => {
		const { agents } = doors.setting;
		const key = `${model} ${request.messages.length} ${keyOf(shownIn(request))}`;
		const before = times.get(key) ?? 0;
		times.set(key, before + 1);
		const agent = agents.find(({ id }) => id === model) ?? agents[0];
		const reply = arriving(doors.setting, agent, { request, before, number: paid.length });
		const one: Paid = {
			...reply,
			call: callOf(doors, model, paid),
			life,
			sentMs: doors.clock.elapsedMs(),
			resumes: 0,
			endedBy: null,
			read: 0,
		};
		paid.push(one);
		return one;
	};
	return {
		paid,
		open: (life) => (spec) =>
			async function* reply(request, signal) {
				if (life.state === "dead") await never;
				const one = sent(life, spec.model, request);
				if (doors.steps.dies(life, "asked")) await never;
				yield* read(doors, one, { life, signal });
			},
		resume: (life) => (spec) => {
			const agent = doors.setting.agents.find(({ id }) => id === spec.model);
			if (agent === undefined || agent.keeps === "nothing") return null;
			return async function* again({ handle }, _, signal) {
				if (doors.steps.dies(life, "resumed") || life.state === "dead") await never;
				await doors.clock.sleep(agent.temper.paceMs, life, signal);
				if (signal.aborted) return;
				const one = paid.find((other) => other.handle === handle);
				if (one === undefined || agent.keeps === "forgets") return yield refusal("not_found", false);
				one.resumes += 1;
				if (agent.keeps === "shakily" && one.resumes === 1) return yield refusal("network", true);
				yield [{ type: "restart" }];
				yield* read(doors, one, { life, signal });
			};
		},
	};
}

/** W4: the call that is asked for, as the ledger has it. */
function callOf({ dispatched, breaches }: Doors, model: string, paid: readonly Paid[]): string {
	const [call = "nothing", ...more] = dispatched(model);
	const known = call !== "nothing" && more.length === 0 && paid.every((other) => other.call !== call);
	breaches.hold(known, "W4", `${model} is asked while the ledger has ${[call, ...more].join(" ")} open`);
	return call;
}

type Request = { readonly request: ModelRequest; readonly before: number; readonly number: number };

/** What a model replies, as its network brings it. */
function arriving({ seed, faults }: Setting, agent: Member, { request, before, number }: Request) {
	const { id, temper, keeps, hangs } = agent;
	const whole = replyTo({ seed, agent: id, temper }, request, before);
	const fault = hangs ? "stalls" : faults.streams(number);
	const handle = keeps === "nothing" ? null : `h${number}`;
	const named: Part[] =
		handle === null ? [] : [{ afterMs: temper.paceMs, events: [{ type: "handle", handle, cursor: null }] }];
	const fails = whole.some(({ events }) => events.some(({ type }) => type === "failed"));
	const parts = [...named, ...faulty(fault, whole, request.stallTimeoutMs)];
	return { handle, parts, broken: fault !== null || fails || keeps === "forgets" };
}

/** The parts as they come, or at once as far as they have come by now. */
async function* read(
	{ clock, steps }: Doors,
	one: Paid,
	{ life, signal }: { life: Life; signal: AbortSignal },
): AsyncGenerator<readonly ModelEvent[]> {
	for (const [i, { afterMs, events }] of one.parts.entries()) {
		const waitMs = one.sentMs + afterMs - clock.elapsedMs();
		if (waitMs > 0) await clock.sleep(waitMs, life, signal);
		if (signal.aborted) return;
		if (steps.dies(life, "chunk")) await never;
		if (life.state === "dead") await never;
		if (life.state === "alive") one.read = Math.max(one.read, i);
		yield events;
	}
	if (steps.dies(life, "ended")) await never;
	if (life.state === "alive") one.endedBy = life;
}

function refusal(code: "not_found" | "network", retryable: boolean): readonly ModelEvent[] {
	const failure = { code, retryable, retryAfterMs: null, message: "It could not be taken up." };
	return [
		{ type: "failed", failure },
		{ type: "end", stop: "error" },
	];
}

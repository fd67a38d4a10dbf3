import { unreachable } from "../../std/assert.ts";
import type { Backend, ModelEvent, ModelRequest } from "../backend.ts";
import { announcement, decide, ownOf, type Decision } from "./decide.ts";
import { methods, type Method } from "./methods.ts";
import type { Outcome } from "./outcome.ts";
import { promptIn } from "./prompt.ts";

/** `sleep` resolves after `ms`; once the signal is aborted it settles at once, by resolving or rejecting. */
export type DemoDeps = { readonly sleep: (ms: number, signal: AbortSignal) => Promise<void> };

/** The models this backend has, in the order of the demo team's seats. */
export const demoModels: readonly string[] = [...methods.keys()];

/**
 * The built-in demo team's calculators behind the port of every backend. They read the request as a model would, really
 * compute, and decide by a rule of their own; no network, no key, no clock.
 */
export function demoBackend(deps: DemoDeps): Backend {
	return async function* demo(request, signal) {
		const method = methods.get(request.model);
		if (method === undefined) return yield unknownModel(request.model);
		const { spoken, decision } = turnOf(request, method);
		const pauseMs = method.callMs / spoken.length;
		for (const event of spoken) {
			if (signal.aborted) return;
			yield [event];
			await deps.sleep(pauseMs, signal).catch(() => undefined);
		}
		if (signal.aborted) return;
		yield closing(decision, request);
	};
}

const wordsPerPiece = 4;
/** Longer speech comes in larger pieces, so that a call keeps its length. */
const piecesMax = 40;

function turnOf(
	request: ModelRequest,
	method: Method,
): { readonly spoken: readonly ModelEvent[]; readonly decision: Decision } {
	const prompt = promptIn(request);
	const outcome = method.solve(prompt.question);
	const decision = decide(prompt, ownOf(outcome, method.name));
	const thoughts = decision.type === "present" ? [] : piecesOf(working(outcome, method.name));
	return {
		spoken: [
			...thoughts.map((text): ModelEvent => ({ type: "reasoning", text })),
			...piecesOf(announcement(decision)).map((text): ModelEvent => ({ type: "text", text })),
		],
		decision,
	};
}

function working(outcome: Outcome, method: string): string {
	switch (outcome.status) {
		case "solved":
			return [`Demo team, ${method}:`, ...outcome.steps, `gives ${outcome.result}.`].join("\n");
		case "impossible":
			return `Demo team, ${method}:\nno result: ${outcome.reason}.`;
		case "not_understood":
			return `Demo team, ${method}:\nthis is nothing I can compute.`;
		default:
			return unreachable(outcome);
	}
}

/** Cuts text after every few words; the pieces joined are the text. */
function piecesOf(text: string): readonly string[] {
	const words = text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [];
	const size = Math.max(wordsPerPiece, Math.ceil(words.length / piecesMax));
	return Array.from({ length: Math.ceil(words.length / size) }, (_, i) =>
		words.slice(i * size, (i + 1) * size).join(""),
	);
}

function closing(decision: Decision, { messages, tools }: ModelRequest): readonly ModelEvent[] {
	// It counts no tokens, and a number that was not measured is not given.
	const usage: ModelEvent = { type: "usage", usage: { input: null, output: null, cached: null, reasoning: null } };
	const id = `demo_${messages.length}`;
	switch (decision.type) {
		case "present":
			// It computes the same another time, so there is nothing to begin anew for (P13).
			return tools.some(({ name }) => name === "submit")
				? [
						{ type: "tool_call", call: { id, name: "submit", arguments: {} } },
						usage,
						{ type: "end", stop: "tools" },
					]
				: [usage, { type: "end", stop: "end" }];
		case "answer":
			return [
				{ type: "tool_call", call: { id, name: "new_answer", arguments: { content: decision.content } } },
				usage,
				{ type: "end", stop: "tools" },
			];
		case "vote":
			return [
				{
					type: "tool_call",
					call: { id, name: "vote", arguments: { answer: decision.label, reason: decision.reason } },
				},
				usage,
				{ type: "end", stop: "tools" },
			];
		default:
			return unreachable(decision);
	}
}

function unknownModel(model: string): readonly ModelEvent[] {
	const message = `the demo team has no model ${model.slice(0, 100)}; it has ${demoModels.join(", ")}`;
	return [
		{ type: "failed", failure: { code: "not_found", retryable: false, retryAfterMs: null, message } },
		{ type: "end", stop: "error" },
	];
}

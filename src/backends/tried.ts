import type { Failure, ModelRequest } from "./backend.ts";
import type { Backends } from "./backends.ts";
import { withoutSecrets } from "./failure.ts";
import type { BackendSpec } from "./hosts.ts";

/** What came of one small call. `detail` says in words why it failed, or what was answered. */
export type Tried = {
	readonly ok: boolean;
	readonly latency_ms: number;
	readonly model: string;
	readonly detail: string;
};

const triedLimits = { timeoutMs: 15_000, outputTokensMax: 64, answerCharsMax: 200 } as const;

/** Asks a model for one word, so that a person sees whether key, address and model are right. */
export async function tried(
	backends: Pick<Backends, "open" | "problem">,
	spec: BackendSpec,
	{ now, timeoutMs = triedLimits.timeoutMs }: { readonly now: () => number; readonly timeoutMs?: number },
): Promise<Tried> {
	const startedMs = now();
	const told = (ok: boolean, detail: string): Tried => ({
		ok,
		latency_ms: now() - startedMs,
		model: spec.model,
		detail,
	});
	const lack = backends.problem(spec);
	if (lack !== null) return told(false, lack.message);
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort("too late"), timeoutMs);
	try {
		const heard = await heardFrom(backends.open(spec)(requestOf(spec), stop.signal));
		if (heard.failure !== null) return told(false, `${heard.failure.code}: ${heard.failure.message}`);
		if (!heard.ended) return told(false, `it has not answered within ${timeoutMs / 1000} seconds`);
		const answer = withoutSecrets(heard.text.trim());
		return told(true, answer === "" ? "it answered" : `it answered: ${answer}`);
	} finally {
		clearTimeout(timer);
	}
}

type Heard = { readonly text: string; readonly failure: Failure | null; readonly ended: boolean };

async function heardFrom(batches: ReturnType<ReturnType<Backends["open"]>>): Promise<Heard> {
	let heard: Heard = { text: "", failure: null, ended: false };
	for await (const events of batches) {
		for (const event of events) {
			if (event.type === "text")
				heard = { ...heard, text: (heard.text + event.text).slice(0, triedLimits.answerCharsMax) };
			if (event.type === "failed") heard = { ...heard, failure: event.failure };
			if (event.type === "end") heard = { ...heard, ended: true };
		}
	}
	return heard;
}

function requestOf({ model, params }: BackendSpec): ModelRequest {
	return {
		model,
		params,
		system: "",
		tools: [],
		serverTools: [],
		output: null,
		messages: [{ role: "user", text: "Reply with the word: ready" }],
		outputTokensMax: triedLimits.outputTokensMax,
		cacheKey: "test",
		resumable: false,
		firstByteTimeoutMs: triedLimits.timeoutMs,
		stallTimeoutMs: triedLimits.timeoutMs,
	};
}

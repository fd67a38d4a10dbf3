import { parseArgs } from "node:util";
import type { JsonObject } from "../../src/std/json.ts";
import type { Message, ModelEvent, ModelRequest, ToolCall, ToolResult, Usage } from "../../src/backends/backend.ts";
import { makeBackends, type Backends } from "../../src/backends/backends.ts";
import { hostNamed, type BackendSpec } from "../../src/backends/hosts.ts";
import { priceOf } from "../../src/backends/prices.ts";
import { readSettings } from "../../src/cli/settings.ts";
import { collected } from "./fake-request.ts";

/** `npm run --silent live -- --backend NAME [--model M]`: one real question with a tool call, at a real provider. */

const exitCodes = { answered: 0, failed: 1, usage: 64 } as const;
const callsMax = 4;
const question = "What is 48611 times 70249? Call the tool `multiply` once, then answer with the product alone.";
const multiply = {
	name: "multiply",
	description: "Multiplies two integers exactly.",
	parameters: {
		type: "object",
		properties: { a: { type: "integer" }, b: { type: "integer" } },
		required: ["a", "b"],
		additionalProperties: false,
	},
};

process.exitCode = await main();

async function main(): Promise<number> {
	const values = optionsIn(process.argv.slice(2));
	const host = hostNamed(values?.backend ?? "");
	if (values?.backend === undefined || host === null) {
		console.error("usage: npm run --silent live -- --backend NAME [--model M]; README.md lists the backends");
		return exitCodes.usage;
	}
	const spec = { backend: values.backend, model: values.model ?? host.defaultModel, params: {} };
	const backends = makeBackends(readSettings(process.cwd(), process.env), { fetch, now: Date.now });
	const obstacle = process.env["CI"] ? "it costs money, so never in CI" : backends.problem(spec)?.message;
	if (obstacle === undefined) return asked(backends, spec);
	console.log(`skipped: ${obstacle}`);
	return exitCodes.answered;
}

function optionsIn(args: string[]) {
	try {
		return parseArgs({ args, options: { backend: { type: "string" }, model: { type: "string" } } }).values;
	} catch {
		// parseArgs throws for what is no option of ours: bad usage.
		return null;
	}
}

/** Calls until the model answers without a tool, each call sending back what the model said before. */
async function asked(backends: Backends, spec: BackendSpec): Promise<number> {
	const backend = backends.open(spec);
	const messages: Message[] = [{ role: "user", text: question }];
	let called = false;
	for (let call = 0; call < callsMax; call += 1) {
		const events = await collected(backend, requestOf(spec, messages));
		for (const event of events) console.log(JSON.stringify(event));
		tellCost(spec, events);
		const toolCalls = events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
		if (events.some((event) => event.type === "failed")) return exitCodes.failed;
		if (toolCalls.length === 0) return called ? exitCodes.answered : exitCodes.failed;
		called = true;
		messages.push(turnOf(events, toolCalls), { role: "tool", results: toolCalls.map(resultOf) });
	}
	return exitCodes.failed;
}

function requestOf({ model, params }: BackendSpec, messages: readonly Message[]): ModelRequest {
	return {
		model,
		params,
		messages,
		system: "You use tools where they help.",
		tools: [multiply],
		serverTools: [],
		output: null,
		resumable: false,
		outputTokensMax: 4000,
		cacheKey: "live",
		firstByteTimeoutMs: 60_000,
		stallTimeoutMs: 60_000,
	};
}

function turnOf(events: readonly ModelEvent[], toolCalls: readonly ToolCall[]): Message {
	const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
	const echo: readonly JsonObject[] = events.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	return { role: "assistant", text, toolCalls, echo };
}

function resultOf({ id, name, arguments: { a, b } }: ToolCall): ToolResult {
	const ok = name === multiply.name && Number.isSafeInteger(a) && Number.isSafeInteger(b);
	return { id, name, ok, text: ok ? String(BigInt(Number(a)) * BigInt(Number(b))) : "a and b must be integers" };
}

function tellCost(spec: BackendSpec, events: readonly ModelEvent[]): void {
	const counted = events.findLast((event) => event.type === "usage");
	const usage: Usage = counted?.usage ?? { input: null, output: null, cached: null, reasoning: null };
	const dollars = priceOf(spec, usage, Date.now());
	console.log(`usage ${JSON.stringify(usage)}, cost ${dollars === null ? "unknown" : `$${dollars}`}`);
}

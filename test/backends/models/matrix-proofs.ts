import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { AbilityName } from "../../../src/backends/models/abilities.ts";
import type {
	Attachment,
	Message,
	ModelEvent,
	ModelRequest,
	ServerTool,
	ToolSpec,
} from "../../../src/backends/backend.ts";
import type { Backends } from "../../../src/backends/backends.ts";
import { serverToolEntry } from "../../../src/backends/models/server-tools.ts";
import { assert } from "../../../src/std/assert.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { specOf } from "../../support/fake-hosts.ts";
import type { RecordedRequest } from "../../support/fake-providers.ts";
import { collected, modelRequest } from "../../support/fake-request.ts";
import type { Brain } from "../../support/fake-script.ts";
import {
	fileParts,
	imageParts,
	partOf,
	partsIn,
	schemaParts,
	shapedAs,
	skySchema,
	type WireParts,
} from "./matrix-parts.ts";

/** A fake of every wire, behind every host. `scripts`: what is said, by model. */
export type Bench = {
	readonly backends: Backends;
	readonly requests: readonly RecordedRequest[];
	readonly scripts: Map<string, Brain>;
};
type Proof = (bench: Bench, backend: string, model: string) => Promise<void>;

/** That an ability works with a host and model: the host is asked in its own words, and what it says arrives. */
export const proofs: Readonly<Record<Exclude<AbilityName, "image_output">, Proof>> = {
	tools: provesTools,
	reasoning: provesReasoning,
	images: attached({ name: "sky.png", mediaType: "image/png", base64: "iVBORw0=" }, imageParts),
	files: attached({ name: "sky.pdf", mediaType: "application/pdf", base64: "JVBERi0=" }, fileParts),
	web_search: offered("web_search"),
	code_execution: offered("code_execution"),
	web_fetch: offered("web_fetch"),
	structured_output: provesStructuredOutput,
	resume: provesResume,
};

const look: ToolSpec = {
	name: "look",
	description: "Looks.",
	parameters: { type: "object", properties: { at: { type: "string" } } },
};

/** A tool is offered and called, and its result comes back to the host paired with the call. */
async function provesTools(bench: Bench, backend: string, model: string): Promise<void> {
	bench.scripts.set(model, ({ messages }) =>
		messages.some(({ role }) => role === "tool")
			? [{ text: "Blue." }]
			: [{ tool: "look", arguments: { at: "sky" } }],
	);
	const { said, second } = await twoCalls(bench, backend, model);
	expect(callsIn(said).map(({ name, arguments: given }) => ({ name, given }))).toEqual([
		{ name: "look", given: { at: "sky" } },
	]);
	expect(second.filter(({ type }) => type === "text")).toEqual([{ type: "text", text: "Blue." }]);
	expect(second.at(-1)).toEqual({ type: "end", stop: "end" });
}

/** Reasoning arrives apart from the text, and goes back to the host with the call that it led to. */
async function provesReasoning(bench: Bench, backend: string, model: string): Promise<void> {
	const thought = `Thought at ${backend}.`;
	bench.scripts.set(model, ({ messages }) =>
		messages.some(({ role }) => role === "tool")
			? [{ text: "Done." }]
			: [
					{ reasoning: thought, chunks: 3 },
					{ tool: "look", arguments: {} },
				],
	);
	const { said, body } = await twoCalls(bench, backend, model);
	expect(said.filter(({ type }) => type === "reasoning")).toEqual([{ type: "reasoning", text: thought }]);
	expect(JSON.stringify(body).split(thought).length).toBe(2);
}

/** A picture or document reaches the host whole, in the wire's own part. */
function attached(attachment: Attachment, parts: WireParts): Proof {
	return async (bench, backend, model) => {
		const question: Message = { role: "user", text: "What is it?", attachments: [attachment] };
		const { wire, body } = await oneCall(bench, backend, { model, messages: [question] });
		const sent = partsIn(body).map((part) => shapedAs(partOf(parts, wire), part));
		expect(sent.filter((part) => isDeepStrictEqual(part, partOf(parts, wire)))).toEqual([partOf(parts, wire)]);
	};
}

/** A tool of the host's own stands beside the team's, in the host's own words. */
function offered(tool: ServerTool): Proof {
	return async (bench, backend, model) => {
		const { wire, body } = await oneCall(bench, backend, { model, serverTools: [tool], tools: [look] });
		const entry = serverToolEntry(backend, model, tool);
		const tools = Array.isArray(body["tools"]) ? body["tools"] : [];
		// Gemini's own stand in one entry with the team's.
		const said = tools.map((each) => shapedAs(entry, each)).filter((each) => isDeepStrictEqual(each, entry));
		expect(said).toEqual([entry]);
		expect(JSON.stringify(tools)).toMatch(/"name":"look"/);
		if (wire === "gemini-generate") expect(body["toolConfig"]).toEqual({ includeServerSideToolInvocations: true });
	};
}

const output: ModelRequest["output"] = { name: "sky", schema: skySchema };

/** The host is told the schema that the text has to keep to. */
async function provesStructuredOutput(bench: Bench, backend: string, model: string): Promise<void> {
	const { wire, body } = await oneCall(bench, backend, { model, output });
	expect(shapedAs(partOf(schemaParts, wire), body)).toEqual(partOf(schemaParts, wire));
}

/** The host is asked to keep the call, so that it can be taken up again. */
async function provesResume(bench: Bench, backend: string, model: string): Promise<void> {
	const kept = { background: true, store: true };
	const { path, body } = await oneCall(bench, backend, { model, resumable: true });
	if (backend === "gemini") expect(path).toBe("/v1beta/interactions");
	else expect(shapedAs(kept, body)).toEqual(kept);
}

/** One call whose answer arrives, and the request that the fake got for it. */
async function oneCall(
	{ backends, requests, scripts }: Bench,
	backend: string,
	asked: Partial<ModelRequest> & { readonly model: string },
): Promise<RecordedRequest> {
	scripts.set(asked.model, () => [{ text: "Blue." }]);
	const came = requests.length;
	const said = await collected(backends.open(specOf(backend, {}, asked.model)), modelRequest(asked));
	const [request, ...more] = requests.slice(came);
	expect(said.filter(({ type }) => type === "text" || type === "end")).toEqual([
		{ type: "text", text: "Blue." },
		{ type: "end", stop: "end" },
	]);
	assert(request !== undefined && more.length === 0, "the fake got one request");
	return request;
}

async function twoCalls({ backends, requests }: Bench, backend: string, model: string) {
	const call = backends.open(specOf(backend, {}, model));
	const question: Message = { role: "user", text: "Look." };
	const said = await collected(call, modelRequest({ model, tools: [look], messages: [question] }));
	const echo = said.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const toolCalls = callsIn(said);
	const results = toolCalls.map(({ id, name }) => ({ id, name, text: "It is blue.", ok: true }));
	const messages: Message[] = [question, { role: "assistant", text: "", toolCalls, echo }, { role: "tool", results }];
	const second = await collected(call, modelRequest({ model, tools: [look], messages }));
	const body: JsonObject = requests.at(-1)?.body ?? {};
	return { said, second, body };
}

function callsIn(events: readonly ModelEvent[]) {
	return events.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
}

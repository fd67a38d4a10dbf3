import { afterAll, expect, test } from "vitest";
import type { ModelEvent, ToolSpec } from "../../../src/backends/backend.ts";
import { collected } from "../../support/fake-request.ts";
import { fakeStage, wireHosts } from "../../support/fake-stage.ts";

const { fake, scripted, backend } = await fakeStage();
afterAll(fake.close);

/** Without what a wire has of its own: echoes, handles, the ids it gives, and accounts before the last. */
function neutral(events: readonly ModelEvent[]): ModelEvent[] {
	const last = events.findLast((event) => event.type === "usage");
	const shown = events.filter(
		(event) => event.type !== "echo" && event.type !== "handle" && (event.type !== "usage" || event === last),
	);
	return shown.map((event) =>
		event.type === "tool_call" ? { type: "tool_call", call: { ...event.call, id: "*" } } : event,
	);
}

const usage = { input: 120, output: 30, cached: 100, reasoning: 10 };
/** Who counts what was written to a cache, even if it was nothing. */
const writtenAt: Readonly<Record<string, object>> = { anthropic: { written: 0 } };
const look: ToolSpec = {
	name: "look",
	description: "Looks.",
	parameters: { type: "object", properties: { at: { type: "string" } } },
};

test.each(wireHosts)("%s: reasoning, text, a tool call and usage arrive, then one end", async (name) => {
	const request = scripted(
		[
			{ reasoning: "Hm, so.", chunks: 3 },
			{ text: "Let me see: ü€😀.", chunks: 6 },
			{ tool: "look", arguments: { at: "the sky" } },
			{ usage },
		],
		{ tools: [look] },
	);
	expect(neutral(await collected(backend(name), request))).toEqual([
		{ type: "reasoning", text: "Hm, so." },
		{ type: "text", text: "Let me see: ü€😀." },
		{ type: "tool_call", call: { id: "*", name: "look", arguments: { at: "the sky" } } },
		{ type: "usage", usage: { ...usage, ...writtenAt[name] } },
		{ type: "end", stop: "tools" },
	]);
});

test.each(wireHosts)("%s: what it said goes back as it came, results paired with their calls", async (name) => {
	const request = scripted(
		({ messages }) =>
			messages.some((message) => message.role === "tool")
				? [{ text: "Blue." }]
				: [
						{ reasoning: "Hm." },
						{ text: "Looking." },
						{ tool: "look", arguments: { at: "sky" } },
						{ tool: "look", arguments: { at: "sea" } },
					],
		{ tools: [look] },
	);
	const first = await collected(backend(name), request);
	const calls = first.flatMap((event) => (event.type === "tool_call" ? [event.call] : []));
	const echo = first.flatMap((event) => (event.type === "echo" ? [event.item] : []));
	const results = calls.map((call, index) => ({ id: call.id, name: call.name, text: `result ${index}`, ok: true }));
	const second = await collected(backend(name), {
		...request,
		messages: [
			...request.messages,
			{ role: "assistant", text: "Looking.", toolCalls: calls, echo },
			{ role: "tool", results },
		],
	});
	expect(neutral(second).filter((event) => event.type !== "usage")).toEqual([
		{ type: "text", text: "Blue." },
		{ type: "end", stop: "end" },
	]);
	expect(
		exchanged(
			name,
			fake.requests.at(-1)?.body ?? {},
			calls.map((call) => call.id),
		),
	).toEqual({ echoed: true, signed: true, paired: ["result 0", "result 1"] });
});

/** Of a second request: whether the assistant's turn is in it with its signature, and the results in order of the calls. */
function exchanged(
	name: string,
	body: object,
	ids: readonly string[],
): { echoed: boolean; signed: boolean; paired: string[] } {
	const turns: readonly Record<string, unknown>[] =
		Object.values(body).find(
			(value) =>
				Array.isArray(value) &&
				value.some((turn) => typeof turn === "object" && turn !== null && "role" in turn),
		) ?? [];
	const parts = turns.flatMap((turn) => [
		turn,
		...[turn["content"], turn["parts"], turn["tool_calls"]].flatMap((list) => (Array.isArray(list) ? list : [])),
	]);
	const signature =
		{
			anthropic: '"signature":"c2lnbmVk',
			openai: '"encrypted_content":"encrypted-',
			gemini: '"thoughtSignature":"c2lnbmVk"',
			groq: '"reasoning_content":"Hm."',
		}[name] ?? "";
	const idOf = (part: Record<string, unknown>): unknown =>
		part["tool_use_id"] ??
		part["tool_call_id"] ??
		(part["type"] === "function_call_output" ? part["call_id"] : undefined) ??
		(part["functionResponse"] as { id?: string } | undefined)?.id;
	const paired = ids
		.flatMap((id) => parts.filter((part) => idOf(part) === id))
		.map((part) => JSON.stringify(part).match(/result \d/)?.[0] ?? "");
	const text = JSON.stringify(turns);
	return { echoed: ids.every((id) => text.split(`"${id}"`).length === 3), signed: text.includes(signature), paired };
}

test.each(wireHosts)("%s: broken arguments are handed on as they came", async (name) => {
	const events = neutral(await collected(backend(name), scripted([{ tool: "look", arguments: '{"at": "the s' }])));
	const args = events.flatMap((event) => (event.type === "tool_call" ? [event.call.arguments] : []));
	expect(args).toEqual([{ __unparsed: '{"at": "the s' }]);
});

import { expect, test } from "vitest";
import { logPage } from "../../durable-objects/show/log-page.ts";
import { append, logSteps } from "../../durable-objects/store/log.ts";
import type { SessionSummary, TurnSummary } from "../../durable-objects/rpc.ts";
import { exportCharsMax } from "../../src/api/export.ts";
import { answersIn, versionsCharsMax } from "../../src/api/export-markdown.ts";
import type { AnswerId, LoggedEvent, SessionEvent } from "../../src/consensus/events.ts";
import type { AgentId } from "../../src/consensus/team.ts";
import { type Api, badInput, makeApi, refusedWith, send, sendRaw, startMs, teamOf } from "../support/api.ts";
import { sqlStorage } from "../support/sql.ts";

/** A session that two agents answered and a second turn that failed, with its whole log. */
const a = "a" as AgentId;
const b = "b" as AgentId;
const of = (id: string) => id as AnswerId;
const at = new Date(startMs).toISOString();
const team = teamOf({
	name: "duo",
	agents: [
		{ id: "a", backend: "demo", model: "m", system: "SECRET" },
		{ id: "b", backend: "openai", model: "n" },
	],
});
const file = { file: "f1" as never, name: "sheet.csv", media_type: "text/csv", bytes: 3 };
const accepted = (agent: AgentId, answer: string, text: string): SessionEvent => ({
	type: "answer.accepted",
	agent,
	answer: of(answer),
	text,
});
const log: readonly SessionEvent[] = [
	{ type: "session.created", team, seed: 1 },
	{ type: "turn.started", turn: 1, question: "Why?\n\nTell me.", attachments: [file] },
	accepted(a, "a1.1", "Because.\n\nReally."),
	accepted(b, "a2.1", "By chance."),
	accepted(a, "a1.2", "Because of that."),
	{ type: "note.added", text: "SECRET" },
	{ type: "turn.started", turn: 2, question: "And?" },
];
const turn: TurnSummary = {
	question: "Why?\n\nTell me.",
	attachments: [file],
	status: "done",
	answer: "Because of **that**.",
	consensus: true,
	agreement: 2 / 3,
	winner: { agent: a, answer: of("a1.2") },
	tally: [],
	votes: [
		{ agent: a, answer: of("a1.2"), reason: "mine is\n best" },
		{ agent: b, answer: of("a1.2"), reason: "it holds" },
	],
	dissent: { agent: b, answer: of("a2.1"), text: "By chance.", votes: 1, reasons: ["who knows"] },
	attempts: 2,
	reasons: [],
};
const nothing = { answer: null, consensus: null, agreement: null, winner: null, votes: [], dissent: null, attempts: 1 };
const failed: TurnSummary = {
	...turn,
	...nothing,
	question: "And?",
	attachments: [],
	status: "failed",
	reasons: [{ agent: a, code: "auth", message: "SECRET account" }],
};

const versions = `### Versions

#### a1.1 of a

Because.

Really.

#### a2.1 of b

By chance.

#### a1.2 of a

Because of that.`;
const document = (title: string, reason: string) => `# ${title}

Team duo: a (demo m), b (openai n). 2026-01-02. $0.0123, 1000 tokens in, 50 out.

## Question

> Why?
>
> Tell me.

With sheet.csv.

## Answer

Because of **that**.

Consensus: a1.2 of a, 67 % agreed, in attempt 2.

### Votes

- a for a1.2: mine is best
- b for a1.2: it holds

### Dissent

a2.1 of b, 1 vote:

> By chance.

- who knows

${versions}

## Question

> And?

## Answer

*The turn failed.*

- a: ${reason}
`;

async function exporting(events: readonly SessionEvent[] = log, change: Partial<SessionSummary> = {}): Promise<Api> {
	const inner = makeApi();
	const sql = sqlStorage();
	for (const step of logSteps) sql.exec(step);
	for (const [i, event] of events.entries()) append(sql, [event], { lastSeq: i, at, rest: false });
	const usage = { input: 1000, output: 50, cached: 0, reasoning: 0, written: 0 };
	const session = (id: string) => ({
		...inner.deps.session(id),
		log: async (page: Parameters<typeof logPage>[1]) => logPage(sql, page),
		summary: async () => {
			const summary = await inner.deps.session(id).summary();
			const told = { team, turns: [turn, failed], usage, cost_usd: 0.01234, last_seq: events.length, ...change };
			return summary === null ? null : { ...summary, ...told };
		},
	});
	const api = makeApi({ session });
	await send(api, "/v1/sessions", { body: { question: "Why? Über_uns / 東京" } });
	return api;
}

const title = "Why? Über_uns / 東京";
test("a session is a document for people: what was asked, what was answered and how that was decided", async () => {
	const got = await sendRaw(await exporting(), "/v1/sessions/s1/export");
	expect(await got.text()).toBe(document(title, "auth SECRET account"));
	expect(["content-type", "content-disposition", "cache-control"].map((name) => got.headers.get(name))).toEqual([
		"text/markdown; charset=utf-8",
		'attachment; filename="massgen-why-uber-uns.md"',
		"no-store",
	]);
});

test("as JSON it is the session and its log", async () => {
	const api = await exporting();
	const got = await sendRaw(api, "/v1/sessions/s1/export?format=json");
	const {
		calls: _calls,
		pace: _pace,
		...session
	} = (await send(api, "/v1/sessions/s1")).body as Record<string, unknown>;
	const body = await got.json<{ session: Record<string, unknown> }>();
	expect(body).toEqual({
		session: { ...session, calls: [], pace: body.session["pace"] },
		events: log.map((event, i) => ({ seq: i + 1, at, ...event })),
		truncated: false,
	});
	expect(got.headers.get("content-disposition")).toBe('attachment; filename="massgen-why-uber-uns.json"');
});

test("by a link it is the same without what is the owner's alone", async () => {
	const api = await exporting();
	const { body } = await send(api, "/v1/sessions/s1/shares", { method: "POST" });
	const { token } = body as { token: string };
	const exported = async (format: string) =>
		(await sendRaw(api, `/v1/shared/${token}/export?format=${format}`, { headers: { authorization: "" } })).text();
	const json = await exported("json");
	expect([
		await exported("md"),
		json.includes("SECRET"),
		(JSON.parse(json) as { events: LoggedEvent[] }).events.length,
	]).toEqual([document(title, "auth"), false, log.length]);
	expect((await send(api, "/v1/shared/none/export")).status).toBe(404);
});

test("what comes while it is made is not of it", async () => {
	const api = await exporting(log, { last_seq: 3 });
	const { body } = await send(api, "/v1/sessions/s1/export?format=json");
	expect((body as { events: LoggedEvent[] }).events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("a log of many pages is whole", async () => {
	const notes = Array.from({ length: 700 }, (_, i): SessionEvent => ({ type: "note.added", text: `${i}` }));
	const { body } = await send(await exporting(notes), "/v1/sessions/s1/export?format=json");
	expect((body as { events: LoggedEvent[] }).events.map(({ seq }) => seq)).toEqual(notes.map((_, i) => i + 1));
});

test.each<[string, number, number]>([
	["as much of a log as may be is exported", 0, 2],
	["with one character more the rest is left out, and that is said", 1, 1],
])("%s", async (_, more, pages) => {
	const half = exportCharsMax / 2;
	const line = (chars: number) => `"${"x".repeat(chars - 2)}"`;
	const answers = [
		{ lines: [line(half)], next: 2 },
		{ lines: [line(half + more)], next: null },
	];
	const inner = await exporting();
	const session = (id: string) => ({ ...inner.deps.session(id), log: async () => answers.shift() ?? null });
	const tenant = inner.deps.tenant();
	const { body } = await send(makeApi({ session, tenant: () => tenant }), "/v1/sessions/s1/export?format=json");
	const { events, truncated } = body as { events: string[]; truncated: boolean };
	expect([events.length, truncated]).toEqual([pages, pages < 2]);
});

async function* once(lines: readonly string[]) {
	yield lines;
}

test.each<[string, number, number, boolean]>([
	["as many characters of versions as may be are told", 0, 1, false],
	["with one more they are left out, and that is said", 1, 0, true],
])("%s", async (_, more, told, truncated) => {
	const event = (text: string) => JSON.stringify({ seq: 2, at, ...accepted(a, "a1.1", text) });
	const text = "x".repeat(versionsCharsMax - event("").length + more);
	const started = JSON.stringify({ seq: 1, at, type: "turn.started", turn: 1, question: "?" });
	const versionsTold = await answersIn(once([started, event(text)]));
	expect([versionsTold.turns[0]?.length, versionsTold.truncated]).toEqual([told, truncated]);
});

test.each<[string, string]>([
	["東京", "massgen"],
	['"; filename=evil.exe', "massgen-filename-evil-exe"],
	["../../etc/passwd\r\nx: y", "massgen-etc-passwd-x-y"],
	["x".repeat(200), `massgen-${"x".repeat(60)}`],
])("a title like %j makes a plain file name", async (given, name) => {
	const api = await exporting();
	await api.deps.tenant().rename("s1", given);
	const got = await sendRaw(api, "/v1/sessions/s1/export");
	expect(got.headers.get("content-disposition")).toBe(`attachment; filename="${name}.md"`);
});

test("a session that is not there, and a form that is none", async () => {
	const api = await exporting();
	expect([await send(api, "/v1/sessions/none/export"), await send(api, "/v1/sessions/s1/export?format=pdf")]).toEqual(
		[
			refusedWith(404, "There is no session `none`."),
			badInput({ path: "format", message: "must be one of md, json" }),
		],
	);
});

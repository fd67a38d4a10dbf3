import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Client } from "../../src/api/client.ts";
import type { Brain } from "../support/fake-script.ts";
import { newAnswer } from "../support/members.ts";
import { npmStart } from "../support/npm-start.ts";
import type { Started } from "../support/start-process.ts";
import { clientOf, eventsOf, openStage } from "../support/server.ts";
import { picked } from "../support/trace.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let stateDir: string;
let running: Started | null = null;

beforeAll(async () => {
	stage = await openStage();
	stateDir = await mkdtemp(join(tmpdir(), "massgen-files-"));
});
afterEach(async () => {
	await running?.kill();
	running = null;
});
afterAll(async () => {
	await stage.close();
	await rm(stateDir, { recursive: true, force: true });
});

async function start(): Promise<Started> {
	running = await npmStart({ ...stage.fake.settings, MASSGEN_STATE: stateDir });
	return running;
}

const text = (name: string, content: string) => ({
	name,
	media_type: "text/plain" as const,
	data: Buffer.from(content).toString("base64"),
});
/** Longer than a row of the database may be. */
const novel = "It was a dark and stormy night. ".repeat(50_000);

async function fileOf(client: Client, id: string, file: string): Promise<readonly [string, string]> {
	const blob = await client.file(id, file);
	return [blob.type, await blob.text()];
}

test("kill -9 in the first of two turns that have files: both are asked with theirs, and the files are still there", async () => {
	let stuck = false;
	const reader: Brain = () => {
		if (stuck) return [newAnswer("Read.")];
		stuck = true;
		return [{ text: "Let me read. ", chunks: 2 }, { hang: true }];
	};
	const team = stage.team({ reader }, { limits: { stall_seconds: 600, round_seconds: 600 } });
	const first = clientOf(await start());
	const attachments = [text("novel.txt", novel), text("list.txt", "1, 2, 3")];
	const { id } = await first.createSession({ question: "What is in these?", team, attachments });
	await first.send(id, "And in this one?", { attachments: [text("last.txt", "The end.")] });
	for await (const { type } of first.events(id)) if (type === "agent.text") break;
	await running?.kill();

	const second = await start();
	const client = clientOf(second);
	const events = await eventsOf({ client }, id);
	expect(picked(events, "turn.finished").map(({ turn, answer }) => [turn, answer])).toEqual([
		[1, "Read."],
		[2, "Read."],
	]);
	expect(stage.requestsOf(team, "reader").map((request) => attachedIn(request.body))).toEqual([
		"novel.txt, list.txt",
		"novel.txt, list.txt",
		"last.txt",
	]);
	expect(await Promise.all(["f1", "f2", "f3"].map((file) => fileOf(client, id, file)))).toEqual([
		["text/plain", novel],
		["text/plain", "1, 2, 3"],
		["text/plain", "The end."],
	]);

	await client.remove(id);
	const gone = await client.file(id, "f1").catch((error: unknown) => error);
	expect(String(gone)).toBe(`ApiError: There is no session \`${id}\`.`);
});

/** The names that stand after the question, which comes last in its message. */
function attachedIn(body: object): string | undefined {
	return /<\/question>\\n\\nattached: ([\w., ]*)"/.exec(JSON.stringify(body))?.[1];
}

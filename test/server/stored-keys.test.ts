import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startServer } from "../../src/cli/server.ts";
import { newAnswer } from "../support/members.ts";
import { clientOf, eventsOf, openStage } from "../support/server.ts";
import { picked } from "../support/trace.ts";

/** A key that was stored through the API, in sessions of the built Worker, before and after it is started again. */
const key = "sk-stored-for-this-test-alone";
const settings = { ADMIN_KEY: "admin" };

let stage: Awaited<ReturnType<typeof openStage>>;
let stateDir: string;
beforeAll(async () => {
	stage = await openStage();
	stateDir = await mkdtemp(join(tmpdir(), "massgen-keys-"));
});
afterAll(async () => {
	await stage.close();
	await rm(stateDir, { recursive: true, force: true });
});

const started = () => startServer({ root: inject("checkout"), stateDir, port: 0, settings, local: [] });

test("a session that had a stored key in use when its machine died goes on with it on the next one", async () => {
	const begun = Promise.withResolvers<void>();
	let calls = 0;
	stage.plays("model-of-stored", () => {
		calls += 1;
		begun.resolve();
		return calls === 1 ? [{ hang: true }] : [newAnswer("42")];
	});
	const first = await started();
	const client = clientOf(first);
	const { key: source } = await client.putKey("openai-chat", { key, base_url: `${stage.fake.url}/v1` });
	const agents = [{ id: "a", backend: "openai-chat", model: "model-of-stored" }];
	const { id } = await client.createSession({ question: "What is 6 times 7?", team: { agents } });
	await begun.promise;
	await first.close();
	const second = await started();
	const events = await eventsOf({ client: clientOf(second) }, id);
	expect([source, calls, picked(events, "turn.finished").map(({ answer }) => answer)]).toEqual(["stored", 2, ["42"]]);
	const sent = new Set(stage.fake.requests.map(({ headers }) => headers["authorization"]));
	expect([...sent]).toEqual([`Bearer ${key}`]);
	const shown = JSON.stringify([events, await clientOf(second).session(id), await clientOf(second).backends()]);
	expect(shown).not.toContain(key);

	await clientOf(second).dropKey("openai-chat");
	await clientOf(second).send(id, "And 6 times 8?");
	const later = await eventsOf({ client: clientOf(second) }, id);
	expect(
		picked(later, "turn.failed").map(({ reasons }) => reasons.map(({ code, message }) => [code, message])),
	).toEqual([[["auth", "openai-chat needs a base_url (or the setting OPENAI_CHAT_BASE_URL)"]]]);
	await second.close();
}, 60_000);

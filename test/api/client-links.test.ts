import { expect, test } from "vitest";
import { makeClient } from "../../src/api/client.ts";
import { apiKey, makeApi, teamOf } from "../support/api.ts";

/** The client's calls for links, keys and documents, against the API they are for. */
function clients() {
	const tokens: (string | null)[] = [];
	const api = makeApi();
	const fetch = async (request: Request) => {
		tokens.push(request.headers.get("authorization"));
		return api.app.request(request);
	};
	const clientOf = (key: string) => makeClient({ baseUrl: "http://host", key, fetch });
	return { owner: clientOf(apiKey), guest: clientOf(""), tokens };
}

test("a link is made, opened without a key, exported, and ended", async () => {
	const { owner, guest, tokens } = clients();
	const { id } = await owner.createSession({ question: "Why?" });
	const link = await owner.share(id, { expires_in_seconds: null });
	expect([link.url, (await owner.shares(id)).shares]).toEqual([
		`http://host/share/${link.token}`,
		[{ id: "1", created_at: link.created_at, expires_at: null }],
	]);
	const before = tokens.length;
	const shown = await guest.shared(link.token);
	const files = [await guest.sharedExport(link.token, "md"), await owner.exported(id, "json")];
	expect([shown.id, files.map(({ type }) => type)]).toEqual([
		id,
		["text/markdown;charset=utf-8", "application/json"],
	]);
	expect(tokens.slice(before)).toEqual([null, null, `Bearer ${apiKey}`]);
	await owner.unshare(id, link.id);
	await expect(guest.shared(link.token)).rejects.toThrow("Nothing is shared here");
});

test("a key is tried, stored and forgotten", async () => {
	const { owner } = clients();
	await expect(owner.putKey("openai", { key: "k" })).rejects.toThrow("A setting of this deployment holds the key");
	const row = await owner.putKey("demo", { key: "k" });
	expect([row.name, await owner.dropKey("demo")]).toEqual(["demo", undefined]);
	expect(await owner.testBackend("openai", { model: "m" })).toEqual({
		ok: true,
		latency_ms: 1,
		model: "m",
		detail: "it answered",
	});
});

test("a team goes out and comes back as YAML, and titles are searched", async () => {
	const { owner } = clients();
	const agents = [{ id: "a", backend: "demo", model: "m" }];
	await owner.putTeam("one", { agents, description: "first" });
	const text = await owner.teamYaml("one");
	expect(await owner.putTeamYaml("two", text.replace("name: one", "name: two"))).toEqual(
		teamOf({ name: "two", agents, description: "first" }),
	);
	await owner.createSession({ question: "Why Rome?" });
	expect((await owner.sessions({ q: "rome" })).sessions.map(({ title }) => title)).toEqual(["Why Rome?"]);
	expect([Object.keys(await owner.teamSchema()).includes("properties"), (await owner.setup()).version]).toEqual([
		true,
		"1.2.3",
	]);
});

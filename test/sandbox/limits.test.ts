import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../src/sandbox/runner/operations.ts";
import { failing, type Outcome, type SandboxSpec } from "../../src/sandbox/sandbox.ts";
import { finished, valueOf } from "./conformance.ts";
import { at, key, limitsMax, shell, spec, startRig, token, whyNoRunner, type Rig } from "./rig.ts";

const missing = await whyNoRunner();
if (missing !== null) console.warn(`THE LIMITS OF THE SANDBOX RUNNER WERE NOT TESTED: ${missing}`);

const signal = new AbortController().signal;
const withLimits = (limits: Partial<SandboxSpec["limits"]>): SandboxSpec => ({
	...spec,
	limits: { ...spec.limits, ...limits },
});

describe.skipIf(missing !== null)("the runner's limits", { timeout: 20_000 }, () => {
	let rig: Rig;
	beforeAll(async () => void (rig = await startRig({ settings: { sandboxesMax: 32 } })));
	afterAll(async () => rig.close());

	test("a sandbox may have what the host allows, and not a byte more", async () => {
		const most = limitsMax.memoryBytesMax;
		expect((await rig.sandbox.create(key("most"), withLimits(limitsMax), signal)).ok).toBe(true);
		expect(await rig.sandbox.create(key("more"), withLimits({ memoryBytesMax: most + 1 }), signal)).toEqual(
			failing({
				code: "refused",
				message: `limits.memoryBytesMax is at most ${most} on this host, not ${most + 1}`,
			}),
		);
	});

	test("another spec under a key in use is a conflict", async () => {
		valueOf(await rig.sandbox.create(key("spec"), spec, signal));
		expect(codes([await rig.sandbox.create(key("spec"), withLimits({ processesMax: 16 }), signal)])).toEqual([
			"conflict",
		]);
	});

	test("an origin that the host does not allow is refused", async () => {
		const outcomes = [
			await rig.sandbox.create(key("out"), { ...spec, egress: ["https://a.test"] }, signal),
			await rig.sandbox.create(key("out"), { ...spec, egress: "all" }, signal),
			await rig.sandbox.create(key("out"), { ...spec, egress: ["nonsense"] }, signal),
		];
		expect(codes(outcomes)).toEqual(["refused", "refused", "refused"]);
	});

	test("eight commands run at once, and a ninth does not", async () => {
		valueOf(await rig.sandbox.create(key("many"), spec, signal));
		const outcomes = [];
		for (let command = 0; command < 9; command += 1)
			outcomes.push(await rig.sandbox.start(at("many", `c${command}`), shell("sleep 30"), signal));
		expect(codes(outcomes)).toEqual([...Array.from({ length: 8 }, () => "ok"), "full"]);
		valueOf(await rig.sandbox.destroy(key("many"), signal));
	});

	test("a file has as many bytes as its limit, and no more", async () => {
		valueOf(await rig.sandbox.create(key("file"), withLimits({ fileBytesMax: 65_536 }), signal));
		const put = (bytes: number) =>
			rig.sandbox.put({ sandbox: key("file"), path: "f" }, new Uint8Array(bytes), signal);
		expect(codes([await put(65_536), await put(65_537)])).toEqual(["ok", "too_large"]);
		const kept = valueOf(await rig.sandbox.get({ sandbox: key("file"), path: "f" }, 65_536, signal));
		expect(kept.length).toBe(65_536);
	});

	test("what takes too much memory says so, and so does what fills the disk", async () => {
		valueOf(await rig.sandbox.create(key("greedy"), spec, signal));
		const eat = "head -c 300000000 /dev/zero | exec tail -c 300000000 >/dev/null";
		valueOf(await rig.sandbox.start(at("greedy", "memory"), shell(`${eat} || exit 1`), signal));
		const fill = "for i in 1 2 3 4 5 6 7 8; do head -c 3000000 /dev/zero >f$i; done; sleep 10";
		const byMemory = (await finished(rig.sandbox, at("greedy", "memory"))).state;
		valueOf(await rig.sandbox.start(at("greedy", "disk"), shell(fill), signal));
		const byDisk = (await finished(rig.sandbox, at("greedy", "disk"))).state;
		const health = await fetch(`${rig.url}/healthz`);
		const { limits } = await health.json<{ limits: { memory: string } }>();
		const grouped = limits.memory !== "rlimit";
		expect([byMemory, byDisk]).toEqual([
			grouped ? { status: "out_of_memory" } : { status: "exited", code: 1 },
			{ status: "disk_full" },
		]);
	});

	test("a sandbox that idles is gone, and one that works is not", async () => {
		valueOf(await rig.sandbox.create(key("idle"), withLimits({ idleMs: 1000 }), signal));
		valueOf(await rig.sandbox.create(key("busy"), withLimits({ idleMs: 1000 }), signal));
		valueOf(await rig.sandbox.start(at("busy", "c"), shell("sleep 30"), signal));
		await wait(2500);
		const nothing = { fromByte: 0, waitMs: 0 };
		const outcomes = [
			await rig.sandbox.list({ sandbox: key("idle"), path: "" }, 1, signal),
			await rig.sandbox.read(at("busy", "c"), nothing, signal),
		];
		expect(codes(outcomes)).toEqual(["gone", "ok"]);
		valueOf(await rig.sandbox.destroy(key("busy"), signal));
	});

	test("a folder that its owner has closed goes with its sandbox", async () => {
		valueOf(await rig.sandbox.create(key("closed"), spec, signal));
		valueOf(
			await rig.sandbox.start(at("closed", "c"), shell("mkdir -p a/b; echo x >a/b/f; chmod 000 a/b a"), signal),
		);
		await finished(rig.sandbox, at("closed", "c"));
		expect(codes([await rig.sandbox.destroy(key("closed"), signal)])).toEqual(["ok"]);
		expect(valueOf(await rig.sandbox.create(key("closed"), spec, signal)).created).toBe(true);
		expect(valueOf(await rig.sandbox.list({ sandbox: key("closed"), path: "" }, 10, signal))).toEqual([]);
	});

	test.each<[string, object]>([
		["a field that is not known", { ...shell("true"), shell: true }],
		["no argument at all", { ...shell("true"), argv: [] }],
		["too many arguments", { ...shell("true"), argv: Array.from({ length: 257 }, () => "x") }],
		["an argument that no kernel takes", { ...shell("true"), argv: ["é".repeat(32_769)] }],
		["a NUL in an argument", { ...shell("true"), argv: ["a\0b"] }],
		["a variable that is none", { ...shell("true"), env: { "A=B": "" } }],
		["no time", { ...shell("true"), timeoutMs: 99 }],
		["too much time", { ...shell("true"), timeoutMs: 3_600_001 }],
		["too much output", { ...shell("true"), outputBytesMax: 1_048_577 }],
		["a folder upwards", { ...shell("true"), cwd: ".." }],
	])("a command with %s is refused", async (_, command) => {
		valueOf(await rig.sandbox.create(key("strict"), spec, signal));
		const body = JSON.stringify(command);
		const path = `${rig.url}/v1/sandboxes/strict/commands/bad`;
		const response = await fetch(path, { method: "PUT", headers: { authorization: `Bearer ${token}` }, body });
		const { code } = await response.json<{ code: string }>();
		expect([response.status, code]).toEqual([422, "refused"]);
	});

	test.each<[string, string, number]>([
		["PUT", "/v1/sandboxes/..%2f..%2fetc", 404],
		["PUT", "/v1/sandboxes/.hidden", 404],
		["PUT", `/v1/sandboxes/${"x".repeat(129)}`, 404],
		["POST", "/v1/sandboxes/strict", 405],
		["GET", "/v1/nothing", 404],
		["GET", "/v1/sandboxes/strict/file?path=x", 422],
		["GET", "/v1/sandboxes/strict/files?path=&entries_max=-1", 422],
	])("%s %s is answered with %i", async (method, path, status) => {
		const response = await fetch(`${rig.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
		expect(response.status).toBe(status);
	});

	test("the protocol describes itself, without a token", async () => {
		const response = await fetch(`${rig.url}/openapi.json`);
		const document = await response.json<{ openapi: string; paths: Record<string, object> }>();
		const described = Object.entries(document.paths).map(([path, item]) => [
			path,
			Object.keys(item).filter((name) => name !== "parameters"),
		]);
		const built = Object.entries(operations).map(([path, methods]) => [path, Object.keys(methods)]);
		expect([document.openapi, described]).toEqual(["3.1.0", built]);
	});
});

describe.skipIf(missing !== null)("the way out of a sandbox", { timeout: 20_000 }, () => {
	test("leads to a gateway on this machine that the host has named, within what may be carried", async () => {
		const gateway = createServer((request, response) => void response.end(`tools at ${request.url}`));
		gateway.listen(0, "127.0.0.1");
		await once(gateway, "listening");
		const { port } = gateway.address() as { port: number };
		const origin = `http://127.0.0.1:${port}`;
		const rig = await startRig({ settings: { egress: [origin] } });
		const request = `GET ${origin}/mcp?x=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;
		const script = 'exec 3<>/dev/tcp/127.0.0.1/8118; printf "%s" "$1" >&3; cat <&3';
		const command = { ...shell(""), argv: ["/bin/bash", "-c", script, "bash", request] };
		const asked = async (name: string, egressBytesMax: number) => {
			valueOf(
				await rig.sandbox.create(key(name), { ...withLimits({ egressBytesMax }), egress: [origin] }, signal),
			);
			valueOf(await rig.sandbox.start(at(name, "1"), command, signal));
			await finished(rig.sandbox, at(name, "1"));
			valueOf(await rig.sandbox.start(at(name, "2"), command, signal));
			return (await finished(rig.sandbox, at(name, "2"))).text.split("\r\n");
		};
		const enough = await asked("enough", 1000);
		const used = await asked("used", 10);
		await rig.close();
		gateway.close();
		expect([enough[0], enough.at(-1)]).toEqual(["HTTP/1.1 200 OK", "tools at /mcp?x=1"]);
		expect(used[0]).toBe("HTTP/1.1 429 Too Many Requests");
	});

	test("without a token only this machine by its own name is answered", async () => {
		const rig = await startRig({ settings: { token: "" } });
		const { port } = new URL(rig.url);
		const statuses = await Promise.all(
			[`127.0.0.1:${port}`, `localhost:${port}`, `attacker.test:${port}`].map((host) => asHost(rig.url, host)),
		);
		await rig.close();
		expect(statuses).toEqual([204, 204, 401]);
	});
});

async function asHost(url: string, host: string): Promise<number> {
	const { request } = await import("node:http");
	const asked = request(`${url}/v1/sandboxes/x`, { method: "DELETE", headers: { host } });
	asked.end();
	const [response] = (await once(asked, "response")) as [{ statusCode: number; resume: () => void }];
	response.resume();
	return response.statusCode;
}

function codes(outcomes: readonly Outcome<unknown>[]): readonly string[] {
	return outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.failure.code));
}

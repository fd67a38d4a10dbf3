import { expect, test } from "vitest";
import { noSandbox } from "../../src/sandbox/none.ts";
import { at, key, shell, spec } from "./rig.ts";

test("where there is no sandbox, everything says so", async () => {
	const none = noSandbox();
	const { signal } = new AbortController();
	const file = { sandbox: key("k"), path: "x" };
	const outcomes = await Promise.all([
		none.create(key("k"), spec, signal),
		none.start(at("k", "c"), shell("true"), signal),
		none.read(at("k", "c"), { fromByte: 0, waitMs: 0 }, signal),
		none.kill(at("k", "c"), signal),
		none.put(file, new Uint8Array(), signal),
		none.get(file, 10, signal),
		none.list(file, 10, signal),
		none.destroy(key("k"), signal),
	]);
	const refusal = { code: "unsupported", message: "No sandbox is set up: see SANDBOX_KIND." };
	expect(outcomes).toEqual(outcomes.map(() => ({ ok: false, failure: refusal })));
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
	Command,
	CommandAddress,
	CommandState,
	Egress,
	Outcome,
	OutputPiece,
	Sandbox,
	SandboxSpec,
} from "../../src/sandbox/sandbox.ts";
import { at, key, shell, spec as plainSpec } from "./rig.ts";

/** A place under test. */
export type Place = {
	readonly sandbox: Sandbox;
	/** What its sandboxes have to be allowed; left out: nothing. */
	readonly egress?: Egress;
	readonly close: () => Promise<void>;
};

const signal = new AbortController().signal;
const pagesMax = 500;

/** What everyone may rely on, wherever code runs. */
export function conformance(open: () => Promise<Place>): void {
	describe("the port", { timeout: 20_000 }, () => {
		let place: Place;
		let box: Sandbox;
		let spec: SandboxSpec;
		beforeAll(async () => {
			place = await open();
			box = place.sandbox;
			spec = { ...plainSpec, egress: place.egress ?? [] };
		});
		afterAll(async () => place.close());
		const made = async (sandbox: string) => void valueOf(await box.create(key(sandbox), spec, signal));
		const ran = async (where: CommandAddress, command: Command) => {
			valueOf(await box.start(where, command, signal));
			return finished(box, where);
		};

		test("a key finds the sandbox that was made under it", async () => {
			const first = valueOf(await box.create(key("same"), spec, signal));
			const second = valueOf(await box.create(key("same"), spec, signal));
			expect([first.created, second]).toEqual([true, { incarnation: first.incarnation, created: false }]);
		});

		test("a command's output and exit code come as they are", async () => {
			await made("plain");
			const { text, state } = await ran(at("plain", "c"), shell("echo out; echo more; exit 3"));
			expect([text, state]).toEqual(["out\nmore\n", { status: "exited", code: 3 }]);
		});

		test("a command runs once however often it is started", async () => {
			await made("once");
			const command = shell("echo ran >>ran; sleep 0.3; echo done");
			const starts = Array.from({ length: 4 }, () => box.start(at("once", "c"), command, signal));
			expect((await Promise.all(starts)).map(({ ok }) => ok)).toEqual([true, true, true, true]);
			await finished(box, at("once", "c"));
			const again = await ran(at("once", "c"), command);
			const count = await ran(at("once", "count"), shell("cat ran"));
			expect([again.text, count.text]).toEqual(["done\n", "ran\n"]);
		});

		test("another command under a key in use is a conflict", async () => {
			await made("conflict");
			await ran(at("conflict", "c"), shell("echo 1"));
			expect(codeOf(await box.start(at("conflict", "c"), shell("echo 2"), signal))).toBe("conflict");
		});

		test("reading goes on from any byte", async () => {
			await made("cursor");
			await ran(at("cursor", "c"), shell("printf 0123456789"));
			const rest = valueOf(await box.read(at("cursor", "c"), { fromByte: 4, waitMs: 0 }, signal));
			expect([textOf(rest.pieces), rest.nextByte, rest.endByte]).toEqual(["456789", 10, 10]);
			const end = valueOf(await box.read(at("cursor", "c"), { fromByte: 10, waitMs: 0 }, signal));
			expect(end).toEqual({ pieces: [], nextByte: 10, endByte: 10, state: { status: "exited", code: 0 } });
		});

		test("output can be read while the command runs", async () => {
			await made("live");
			valueOf(await box.start(at("live", "c"), shell("echo first; sleep 30"), signal));
			const page = await untilSome(box, at("live", "c"));
			expect([textOf(page.pieces), page.state]).toEqual(["first\n", { status: "running" }]);
			valueOf(await box.kill(at("live", "c"), signal));
		});

		test("arguments, variables, input and folder are taken literally", async () => {
			await made("literal");
			valueOf(await box.put({ sandbox: key("literal"), path: "in here/x" }, new Uint8Array(), signal));
			const argv = ["/bin/sh", "-c", 'pwd; printf "%s|" "$@" "$V"; cat', "sh", "$(id)", "a b", "'\"*", ""];
			const command = shell("", { argv, cwd: "in here", env: { V: "$HOME `id`\n" }, stdin: "in\n" });
			const { text } = await ran(at("literal", "c"), command);
			const [folder = "", ...lines] = text.split("\n");
			expect([folder.endsWith("/in here"), lines.join("\n")]).toEqual([
				true,
				"$(id)|a b|'\"*||$HOME `id`\n|in\n",
			]);
		});

		test("a command that takes too long is ended and says so", async () => {
			await made("slow");
			const { text, state } = await ran(at("slow", "c"), shell("echo begun; sleep 60", { timeoutMs: 1000 }));
			expect([text, state]).toEqual(["begun\n", { status: "timed_out" }]);
		});

		test("a command that was killed says so, and a finished one stays as it is", async () => {
			await made("killed");
			valueOf(await box.start(at("killed", "c"), shell("sleep 60"), signal));
			expect(valueOf(await box.kill(at("killed", "c"), signal))).toEqual({ status: "killed" });
			expect((await finished(box, at("killed", "c"))).state).toEqual({ status: "killed" });
			await ran(at("killed", "d"), shell("exit 2"));
			expect(valueOf(await box.kill(at("killed", "d"), signal))).toEqual({ status: "exited", code: 2 });
		});

		test("of much output the beginning and the end are kept, and the gap is told", async () => {
			await made("much");
			const script = "echo begin; head -c 200000 /dev/zero | tr '\\0' x; echo; echo end";
			await ran(at("much", "c"), shell(script, { outputBytesMax: 2048 }));
			// Who reads while it runs may see what is not kept.
			const { pieces, text } = await finished(box, at("much", "c"));
			const dropped = pieces.flatMap((piece) => (piece.type === "dropped" ? [piece.bytesDropped] : []));
			const kept = `begin\n${"x".repeat(1024 - 6)}${"x".repeat(1024 - 5)}\nend\n`;
			expect([text, dropped]).toEqual([kept, [200_011 - 2048]]);
		});

		test("files come back byte by byte, and are listed", async () => {
			await made("files");
			const sandbox = key("files");
			const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
			valueOf(await box.put({ sandbox, path: "a/b c/d.bin" }, bytes, signal));
			valueOf(await box.put({ sandbox, path: "a/b c/d.bin" }, bytes, signal));
			valueOf(await box.put({ sandbox, path: "é\n'.txt" }, new Uint8Array([1]), signal));
			const got = valueOf(await box.get({ sandbox, path: "a/b c/d.bin" }, 70_000, signal));
			expect(Buffer.compare(Buffer.from(got), Buffer.from(bytes))).toBe(0);
			expect(valueOf(await box.list({ sandbox, path: "" }, 100, signal))).toEqual([
				{ path: "a", kind: "directory", bytes: 0 },
				{ path: "a/b c", kind: "directory", bytes: 0 },
				{ path: "a/b c/d.bin", kind: "file", bytes: 70_000 },
				{ path: "é\n'.txt", kind: "file", bytes: 1 },
			]);
			expect(valueOf(await box.list({ sandbox, path: "a/b c" }, 1, signal))).toEqual([
				{ path: "a/b c/d.bin", kind: "file", bytes: 70_000 },
			]);
			expect(codeOf(await box.get({ sandbox, path: "a/b c/d.bin" }, 69_999, signal))).toBe("too_large");
			expect(codeOf(await box.list({ sandbox, path: "" }, 3, signal))).toBe("too_large");
			expect(codeOf(await box.get({ sandbox, path: "none" }, 10, signal))).toBe("no_such_file");
			expect(codeOf(await box.list({ sandbox, path: "none" }, 10, signal))).toBe("no_such_file");
		});

		test.each([
			["upwards", "../x"],
			["of the host", "/etc/passwd"],
			["upwards from below", "a/../../x"],
			["with a NUL", "a\0b"],
			["too long", "x".repeat(1025)],
		])("no file has a path %s", async (_, path) => {
			await made("paths");
			const where = { sandbox: key("paths"), path };
			const codes = await Promise.all([
				box.put(where, new Uint8Array([1]), signal),
				box.get(where, 10, signal),
				box.list(where, 10, signal),
			]);
			expect(codes.map(codeOf)).toEqual(["refused", "refused", "refused"]);
		});

		test("a destroyed sandbox is gone with its files, and may be made anew", async () => {
			const before = valueOf(await box.create(key("gone"), spec, signal));
			valueOf(await box.put({ sandbox: key("gone"), path: "x" }, new Uint8Array([1]), signal));
			valueOf(await box.start(at("gone", "c"), shell("sleep 60"), signal));
			expect(valueOf(await box.destroy(key("gone"), signal))).toBe(null);
			expect(valueOf(await box.destroy(key("gone"), signal))).toBe(null);
			expect(codeOf(await box.read(at("gone", "c"), { fromByte: 0, waitMs: 0 }, signal))).toBe("gone");
			const after = valueOf(await box.create(key("gone"), spec, signal));
			expect([after.created, after.incarnation === before.incarnation]).toEqual([true, false]);
			expect(valueOf(await box.list({ sandbox: key("gone"), path: "" }, 10, signal))).toEqual([]);
			valueOf(await box.destroy(key("gone"), signal));
		});

		test("what was never made is gone", async () => {
			await made("some");
			const nowhere = at("nowhere", "c");
			const outcomes = [
				await box.start(nowhere, shell("true"), signal),
				await box.read(nowhere, { fromByte: 0, waitMs: 0 }, signal),
				await box.kill(nowhere, signal),
				await box.put({ sandbox: nowhere.sandbox, path: "x" }, new Uint8Array(), signal),
				await box.get({ sandbox: nowhere.sandbox, path: "x" }, 10, signal),
				await box.list({ sandbox: nowhere.sandbox, path: "" }, 10, signal),
				await box.read(at("some", "none"), { fromByte: 0, waitMs: 0 }, signal),
				await box.kill(at("some", "none"), signal),
			];
			expect(outcomes.map(codeOf)).toEqual(Array.from({ length: 8 }, () => "gone"));
		});

		test("who gives up is told so", async () => {
			expect(codeOf(await box.create(key("given-up"), spec, AbortSignal.abort()))).toBe("aborted");
		});
	});
}

/** The value, where there is one. */
export function valueOf<T>(outcome: Outcome<T>): T {
	if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
	return outcome.value;
}

/** The code of a failure; `ok` where there is none. */
function codeOf(outcome: Outcome<unknown>): string {
	return outcome.ok ? "ok" : outcome.failure.code;
}

/** All that a command wrote, once it has ended. */
export async function finished(box: Sandbox, where: CommandAddress): Promise<Finished> {
	const pieces: OutputPiece[] = [];
	for (let fromByte = 0, page = 0; page < pagesMax; page += 1) {
		const read = valueOf(await box.read(where, { fromByte, waitMs: 5000 }, signal));
		pieces.push(...read.pieces);
		fromByte = read.nextByte;
		if (read.state.status !== "running" && fromByte === read.endByte)
			return { pieces, text: textOf(pieces), state: read.state };
	}
	throw new Error(`not read to its end in ${pagesMax} pages`);
}
export type Finished = { readonly pieces: readonly OutputPiece[]; readonly text: string; readonly state: CommandState };

/** The first page that has something on it. */
async function untilSome(box: Sandbox, where: CommandAddress) {
	for (let page = 0; page < pagesMax; page += 1) {
		const read = valueOf(await box.read(where, { fromByte: 0, waitMs: 5000 }, signal));
		if (read.pieces.length > 0 || read.state.status !== "running") return read;
	}
	throw new Error("it wrote nothing");
}

/** What was kept, as text. */
function textOf(pieces: readonly OutputPiece[]): string {
	const bytes = pieces.flatMap((piece) => (piece.type === "output" ? [piece.bytes] : []));
	return Buffer.concat(bytes).toString("utf8");
}

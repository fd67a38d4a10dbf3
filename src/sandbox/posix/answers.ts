import { bytesIn, decodedBytes } from "../../std/base64.ts";
import {
	failing,
	succeeded,
	type CommandState,
	type Entry,
	type FileAddress,
	type Outcome,
	type OutputPage,
	type OutputPiece,
} from "../sandbox.ts";
import type { Ran } from "./provider.ts";
import { exits } from "./scripts.ts";

/** What became of a command. */
export function stateFrom({ code, stdout }: Ran): Outcome<CommandState> {
	if (code === exits.gone) return noSuchCommand;
	if (code === exits.conflict)
		return failing({ code: "conflict", message: "Another command was started under this key." });
	const state = code === 0 ? parsedState(stdout.trim()) : null;
	return state === null ? broken : succeeded(state);
}

const noSuchCommand = failing({ code: "gone", message: "No command was started under this key." });
const broken = failing({ code: "bad_answer", message: "The machine's shell did not do what the sandbox needs." });

function parsedState(text: string): CommandState | null {
	const [status = "", code = ""] = text.split(" ");
	if (status === "exited" && /^\d+$/.test(code)) return { status, code: Number(code) };
	if (status === "not_started") return { status, message: "its folder does not exist" };
	if (status === "running" || status === "timed_out" || status === "killed" || status === "interrupted")
		return { status };
	return null;
}

/** First what there is (`state|beginning|written after it|end`), then the bytes that were asked for. */
export function pageFrom({ code, stdout }: Ran, fromByte: number): Outcome<OutputPage> {
	if (code === exits.gone) return noSuchCommand;
	const [facts = "", base64 = ""] = stdout.split("\n");
	const [text = "", ...sizes] = facts.split("|");
	const state = parsedState(text);
	const [head = Number.NaN, rest = Number.NaN, tail = Number.NaN] = sizes.map(Number);
	const sound = code === 0 && !Number.isNaN(head + rest + tail) && decodedBytes(base64) !== null;
	if (state === null || !sound) return broken;
	const endByte = head + rest;
	return succeeded({ ...placed(bytesIn(base64), fromByte, { head, kept: endByte - tail, endByte }), endByte, state });
}

/** `kept`: from here on the end is there. */
type Extent = { readonly head: number; readonly kept: number; readonly endByte: number };

function placed(bytes: Uint8Array, fromByte: number, { head, kept, endByte }: Extent) {
	const inHead = fromByte < head;
	const atByte = inHead ? fromByte : Math.max(fromByte, kept);
	const gapAt = Math.max(fromByte, head);
	const gap: OutputPiece = { type: "dropped", atByte: gapAt, bytesDropped: kept - gapAt };
	const output: OutputPiece = { type: "output", atByte, stream: "both", bytes };
	const gaps = !inHead && gap.bytesDropped > 0 ? [gap] : [];
	const pieces = bytes.length > 0 ? [...gaps, output] : gaps;
	return { pieces, nextByte: Math.min(atByte, endByte) + bytes.length };
}

/** What became of a file; `read` reads what a script wrote. */
export function fileOutcome<T>(
	{ code, stdout }: Ran,
	bytesMax: number,
	read: (text: string) => Outcome<T>,
): Outcome<T> {
	if (code === 0) return read(stdout.trim());
	if (code === exits.outside) return failing({ code: "refused", message: "path: it leads out of the workspace" });
	if (code === exits.gone) return failing({ code: "no_such_file", message: "There is no such file." });
	if (code === exits.tooLarge)
		return failing({ code: "too_large", bytesMax, message: "The file is larger than was asked for." });
	return broken;
}

/** From base64. */
export function bytesFrom(base64: string): Outcome<Uint8Array> {
	return decodedBytes(base64) === null ? broken : succeeded(bytesIn(base64));
}

/** From base64 of rows. */
export function entriesFrom(base64: string, { path }: FileAddress, entriesMax: number): Outcome<readonly Entry[]> {
	const bytes = bytesFrom(base64);
	if (!bytes.ok) return bytes;
	const rows = new TextDecoder().decode(bytes.value).split("\0").slice(0, -1);
	if (rows.length > entriesMax)
		return failing({
			code: "too_large",
			bytesMax: entriesMax,
			message: `There are more than ${entriesMax} entries.`,
		});
	return succeeded(rows.map((row) => entryOf(row, path)).toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

function entryOf(row: string, folder: string): Entry {
	const [type = "", size = "0", ...rest] = row.split("\t");
	const name = rest.join("\t");
	const path = folder === "" ? name : `${folder.replace(/\/+$/, "")}/${name}`;
	const kind = type === "d" ? "directory" : type === "l" ? "link" : "file";
	return { path, kind, bytes: kind === "file" ? Number(size) : 0 };
}

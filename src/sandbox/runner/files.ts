import { failing, pathFault, succeeded, type Entry, type Outcome } from "../sandbox.ts";
import { confine, workspacePath } from "./confine.ts";
import { defences as allDefences, type Defences } from "./defences.ts";
import { run, type Ending } from "./running.ts";
import type { Box, Ground } from "./box.ts";

/**
 * Files are read and written by small programs inside the sandbox: a link, or a folder that is swapped for one at the wrong
 * moment, then leads to nothing but the sandbox itself.
 */
const timeoutMs = 20_000;
const listingBytesMax = 4_194_304;

/** Writes a file whole or not at all, with the folders above it. */
export async function putFile(box: Box, path: string, bytes: Uint8Array, ground: Ground): Promise<Outcome<null>> {
	const { limits } = box.saved.spec;
	const fault = faultIn(path, "file", ground.defences);
	if (fault !== null) return fault;
	if (bytes.length > limits.fileBytesMax)
		return failing({
			code: "too_large",
			bytesMax: limits.fileBytesMax,
			message: `A file here has at most ${limits.fileBytesMax} bytes.`,
		});
	const done = await inside(box, [scripts.put, path], { stdin: bytes, bytesMax: 1024, ground });
	return done.ok ? succeeded(null) : done;
}

/** The whole file. */
export async function getFile(box: Box, path: string, bytesMax: number, ground: Ground): Promise<Outcome<Uint8Array>> {
	const fault = faultIn(path, "file", ground.defences);
	if (fault !== null) return fault;
	const got = await inside(box, [scripts.get, path, String(bytesMax)], {
		stdin: new Uint8Array(),
		bytesMax,
		ground,
	});
	if (!got.ok && got.failure.code === "too_large") return failing({ ...got.failure, bytesMax });
	return got;
}

/** Everything below a folder. */
export async function listFiles(
	{ box, path, entriesMax }: { readonly box: Box; readonly path: string; readonly entriesMax: number },
	ground: Ground,
): Promise<Outcome<readonly Entry[]>> {
	const fault = faultIn(path, "folder", ground.defences);
	if (fault !== null) return fault;
	const found = await inside(box, [scripts.list, path, String(entriesMax + 1)], {
		stdin: new Uint8Array(),
		bytesMax: listingBytesMax,
		ground,
	});
	if (!found.ok) return found;
	const rows = new TextDecoder().decode(found.value).split("\0").slice(0, -1);
	if (rows.length > entriesMax)
		return failing({
			code: "too_large",
			bytesMax: entriesMax,
			message: `There are more than ${entriesMax} entries.`,
		});
	return succeeded(rows.map((row) => entryOf(row, path)).toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

function faultIn(path: string, kind: "file" | "folder", defences: Defences): ReturnType<typeof failing> | null {
	if (kind === "file" && (path === "" || path.endsWith("/")))
		return failing({ code: "refused", message: "path: a file has a name" });
	const fault = defences.has("paths") ? pathFault(path) : null;
	return fault === null ? null : failing({ code: "refused", message: `path: ${fault}` });
}

/** How a script says what is wrong. */
const exits = { outside: 3, missing: 4, tooLarge: 5 } as const;

/** `$1` is a path, `$within` fails unless it stays in the workspace. */
const within = `within() { case "$(realpath -m -- "$1")/" in "$root"/*) ;; *) exit ${exits.outside};; esac; }`;
const scripts = {
	put: `set -e; folder=$(dirname -- "$1"); within "$folder"; mkdir -p -- "$folder"; [ ! -d "$1" ] || exit ${exits.outside}
draft=$(mktemp -- "$folder/.put.XXXXXXXX"); trap 'rm -f -- "$draft"' EXIT; cat >"$draft"; chmod 644 -- "$draft"; mv -fT -- "$draft" "$1"`,
	get: `within "$1"; [ -f "$1" ] || exit ${exits.missing}; [ "$(stat -Lc %s -- "$1")" -le "$2" ] || exit ${exits.tooLarge}
exec head -c "$2" -- "$1"`,
	list: `within "$1"; [ -d "$1" ] || exit ${exits.missing}; find "$1" -mindepth 1 -printf '%y\\t%s\\t%P\\0' | head -zn "$2"`,
} as const;

type Inside = { readonly stdin: Uint8Array; readonly bytesMax: number; readonly ground: Ground };

async function inside(
	box: Box,
	[script, path, ...more]: readonly [string, string, ...string[]],
	options: Inside,
): Promise<Outcome<Uint8Array>> {
	const { ground, stdin, bytesMax } = options;
	const { folders, uid, group, saved } = box;
	const confinedFiles = ground.defences.has("confined_files");
	const root = confinedFiles && ground.defences.has("mounts") ? workspacePath : folders.workspace;
	// Without this defence the very same program runs on the host, as the attack it is there for.
	const defences = confinedFiles ? ground.defences : new Set(allDefences.filter((one) => one !== "mounts"));
	const checked = confinedFiles ? within : "within() { :; }";
	const target = path.startsWith("/") ? path : `${root}/${path}`;
	const confined = {
		workspace: folders.workspace,
		uid,
		limits: saved.spec.limits,
		timeoutMs,
		joins: group.joins,
		egressSocket: null,
		cwd: "",
		env: {},
		argv: ["/bin/sh", "-c", `root=${root}; ${checked}\n${script}`, "sh", target, ...more],
	};
	const pieces: Buffer[] = [];
	let bytesTaken = 0;
	const running = run(confine(confined, ground.host, defences), {
		stdin,
		timeoutMs,
		group,
		take: (stream, bytes) => {
			if (stream === "stderr") return;
			bytesTaken += bytes.length;
			if (bytesTaken <= bytesMax) pieces.push(bytes);
			else running.end({ status: "exited", code: exits.tooLarge });
		},
		kills: "group",
	});
	box.guests.add(running);
	const ending = await running.ended;
	box.guests.delete(running);
	const output = Buffer.concat(pieces);
	return ending.status === "exited" && ending.code === 0 ? succeeded(output) : faultOf(ending, box);
}

function faultOf(ending: Ending, { saved }: Box): ReturnType<typeof failing> {
	const code = ending.status === "exited" ? ending.code : null;
	const { fileBytesMax } = saved.spec.limits;
	if (code === exits.outside) return failing({ code: "refused", message: "path: it leads out of the workspace" });
	if (code === exits.missing) return failing({ code: "no_such_file", message: "There is no such file." });
	if (code === exits.tooLarge)
		return failing({
			code: "too_large",
			bytesMax: fileBytesMax,
			message: "The file is larger than was asked for.",
		});
	const why = ending.status === "exited" ? `with code ${ending.code}` : ending.status;
	return failing({ code: "unavailable", retryAfterMs: null, message: `The file could not be had: ended ${why}.` });
}

function entryOf(row: string, folder: string): Entry {
	const [type = "", size = "0", ...rest] = row.split("\t");
	const name = rest.join("\t");
	const path = folder === "" ? name : `${folder.replace(/\/+$/, "")}/${name}`;
	const kind = type === "d" ? "directory" : type === "l" ? "link" : "file";
	return { path, kind, bytes: kind === "file" ? Number(size) : 0 };
}

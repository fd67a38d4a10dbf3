import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReplayResult } from "../../../src/backends/replay.ts";
import { hosts } from "../../../src/backends/hosts.ts";
import type { WireName } from "../../../src/backends/wire/wire.ts";

/** One recording written for this repository, in its host's own manner. `file` is `BACKEND/NAME.sse` or `.json`. */
export type HostRecording = {
	readonly file: string;
	readonly wire: WireName;
	readonly body: Uint8Array;
	readonly expected: ReplayResult;
};

const folder = join(import.meta.dirname, "../../fixtures/hosts");

/** All of them, in order of their names. */
export function hostRecordings(): readonly HostRecording[] {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	return files
		.filter((file) => /(?<!\.expected)\.(sse|json)$/.test(file))
		.toSorted()
		.map(recordingIn);
}

/** One of them. */
export function recordingIn(file: string): HostRecording {
	const [backend = ""] = file.split("/");
	const expected: ReplayResult = JSON.parse(
		readFileSync(join(folder, file.replace(/\.\w+$/, ".expected.json")), "utf8"),
	);
	return { file, wire: wireOf(backend), body: readFileSync(join(folder, file)), expected };
}

function wireOf(backend: string): WireName {
	return backend === "gemini-interactions" ? backend : hosts[backend as keyof typeof hosts].wire;
}

import { recentNames, type RecentNames } from "../../std/recent-names.ts";
import type { Failure, ModelRequest, ResumePoint } from "../backend.ts";
import type { Built } from "./built.ts";
import type { ReadFrom } from "../wire/reading.ts";
import type { WireReader } from "../wire/wire.ts";

/** A way of calling a host: what is sent, and how the answer to it is read. */
export type Mode = {
	readonly build: (request: ModelRequest) => Promise<Built>;
	readonly reader: () => WireReader;
};

/** The way in which the answer is made whether or not anybody listens, and is kept for a while. */
export type ResumableMode = {
	/** Whether everything that this request asks for can be said in this mode. */
	readonly speaks: (request: ModelRequest) => boolean;
	readonly build: (request: ModelRequest) => Promise<Built>;
	readonly reader: (from: ReadFrom | null) => WireReader;
	readonly takeUp: (point: ResumePoint, request: ModelRequest) => Promise<Built>;
	readonly cancel: (handle: string) => Promise<Built>;
};

/** A request that brought no answer. `status`: of HTTP, null where none was given. */
export type Refused = { readonly failure: Failure; readonly status: number | null };

/** More are not kept; the oldest is forgotten. */
export const refusedModesMax = 256;

/** Which host, key and model have refused the resumable mode. In memory only: forgetting costs one refused request. */
export function makeRefusedModes(): RecentNames {
	return recentNames(refusedModesMax);
}

/** The two ways in which one call can be made. */
export type Tries<Taken> = {
	readonly resumable: () => Promise<Taken | Refused>;
	readonly plain: () => Promise<Taken | Refused>;
};

/**
 * The answer in the resumable mode, or without it where the host refuses that. A refused request has cost nothing, so it
 * is made again at once; only if it was the mode that was at fault is that remembered.
 */
export async function unlessRefused<Taken extends object>(
	{ resumable, plain }: Tries<Taken>,
	name: string,
	refused: RecentNames,
): Promise<Taken | Refused> {
	if (refused.has(name)) return plain();
	const first = await resumable();
	if (!("failure" in first) || !mayBeOfMode(first)) return first;
	const second = await plain();
	if (!("failure" in second)) refused.add(name);
	return second;
}

/** Whether the mode may be what was refused: the words for that are the host's own, so any bad request may be. */
function mayBeOfMode({ failure, status }: Refused): boolean {
	if (status === null || ofTheCaller.has(status)) return false;
	if (notThere.has(status)) return true;
	return status >= 400 && status < 500 && failure.code === "bad_request";
}

const ofTheCaller: ReadonlySet<number> = new Set([401, 403, 429]);
const notThere: ReadonlySet<number> = new Set([404, 405, 501]);

/** Of an answer that is asked for by its handle 404 says that it is gone, whatever the words. */
export function goneIfNotThere(refused: Refused): Refused {
	if (refused.status !== 404 && refused.status !== 410) return refused;
	return { ...refused, failure: { ...refused.failure, code: "not_found", retryable: false } };
}

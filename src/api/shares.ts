import { received } from "./body.ts";
import type { Call } from "./deps.ts";
import { digestOf } from "./fingerprint.ts";
import { json } from "./json-response.ts";
import { originOf } from "./origin.ts";
import { problem } from "./problem.ts";
import { noSession, rowOf } from "./sessions.ts";
import { CreateShare, type Share, type ShareList } from "./share-schema.ts";

/** `POST /v1/sessions/{id}/shares`: a link. Its token is shown here and never again; kept is only its digest. */
export async function createShare({ deps, request, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const wanted = await received(request, CreateShare, { emptyAs: {} });
	if (wanted instanceof Response) return wanted;
	const token = tokenOf(deps);
	const asked = { session: key, digest: await digestOf(token), seconds: wanted.expires_in_seconds };
	const made = await deps.tenant().share(asked);
	if (!made.ok) return made.code === "not_found" ? noSession(key) : problem(409, made.detail);
	const url = `${originOf(deps, request)}/share/${token}`;
	return json({ ...made.share, token, url } satisfies Share, { status: 201 });
}

/** `GET /v1/sessions/{id}/shares`: those that still open. */
export async function listShares({ deps, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	return json({ shares: await deps.tenant().shares(key) } satisfies ShareList);
}

/**
 * `DELETE /v1/sessions/{id}/shares/{share}`. The row goes first, so that nobody comes back; whoever watches is let go also
 * where there is no row: the request that removed it may have died before.
 */
export async function deleteShare({ deps, key, part }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	if (!/^[1-9]\d{0,14}$/.test(part)) return noShare(part);
	const unshared = await deps.tenant().unshare({ session: key, id: part });
	// A link that gets this id later must not be ended beforehand.
	if (unshared !== "never") await deps.session(key).endShare(part);
	return unshared === "ended" ? new Response(null, { status: 204 }) : noShare(part);
}

/** Two ids, each of them at least 96 bits of chance. */
function tokenOf({ newId }: Call["deps"]): string {
	return `${newId()}${newId()}`.replaceAll("-", "");
}

function noShare(share: string): Response {
	return problem(404, `There is no link \`${share.slice(0, 64)}\` to this session, or not any more.`);
}

import { problem } from "./problem.ts";

/** The problem to answer with unless the request carries the key; null when it does. */
export async function refused(request: Request, adminKey: string | null): Promise<Response | null> {
	const unserved = withoutKey(adminKey);
	if (unserved !== null || adminKey === null) return unserved;
	const presented = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
	if (presented === undefined)
		return problem(401, keyAbsent, { headers: { "www-authenticate": 'Bearer realm="massgen"' } });
	if (await sameSecret(presented, adminKey)) return null;
	return problem(401, "The key is not the one this server was given as ADMIN_KEY.", {
		headers: { "www-authenticate": 'Bearer realm="massgen", error="invalid_token"' },
	});
}

/** The problem to answer with where no key was ever set; null where one was. */
export function withoutKey(adminKey: string | null): Response | null {
	return adminKey === null || adminKey === "" ? problem(503, keyMissing) : null;
}

const keyMissing =
	"ADMIN_KEY is not set, so only /healthz is served. Set it with `npx wrangler secret put ADMIN_KEY`, or as a line ADMIN_KEY=... in .dev.vars, and send it as `Authorization: Bearer <key>`.";
const keyAbsent = "Send the key as `Authorization: Bearer <key>`; it is the ADMIN_KEY of this server.";

/** Compares digests, all 32 bytes of them, so that the time taken tells nothing about the secret or its length. */
async function sameSecret(one: string, other: string): Promise<boolean> {
	const [left, right] = await Promise.all([digest(one), digestOfKey(other)]);
	return left.reduce((difference, byte, at) => difference | (byte ^ (right[at] ?? 0)), 0) === 0;
}

let ownKey: { readonly key: string; readonly digest: Promise<Uint8Array> } | null = null;

/** The server's key is the same at every request. */
function digestOfKey(key: string): Promise<Uint8Array> {
	if (ownKey?.key !== key) ownKey = { key, digest: digest(key) };
	return ownKey.digest;
}

async function digest(text: string): Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

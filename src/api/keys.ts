import { received } from "./body.ts";
import { backendListed } from "./backends.ts";
import type { AppDeps, Call } from "./deps.ts";
import { json } from "./json-response.ts";
import { nearest } from "./nearest.ts";
import { isLocal } from "./origin.ts";
import { badInput, problem } from "./problem.ts";
import { type BackendTested, PutKey, TestBackend } from "./key-schema.ts";
import { urlFault } from "./webhook-url.ts";

/** `PUT /v1/backends/{name}/key`: stored sealed, used by every session from now on, and shown to nobody. */
export async function putKey({ deps, request, key: name }: Call): Promise<Response> {
	const refused = keyless(deps, name);
	if (refused !== null) return refused;
	const wanted = await received(request, PutKey);
	if (wanted instanceof Response) return wanted;
	const { key, base_url } = wanted;
	const local = isLocal(deps, request);
	const fault = addressFault(deps, name, base_url) ?? (base_url === null ? null : urlFault(base_url, { local }));
	if (fault !== null) return badInput([{ path: "base_url", message: fault }]);
	const sealed = await deps.keys.sealed(name, { key, base_url });
	const put = await deps.tenant().putKey({ backend: name, sealed });
	if (!put.ok) return problem(409, put.detail);
	await deps.keys.refreshed();
	return json(backendListed(deps, name));
}

/** `DELETE /v1/backends/{name}/key`. A session in the middle of a turn may still use it to the end of that. */
export async function deleteKey({ deps, key: name }: Call): Promise<Response> {
	const dropped = deps.backends.names().includes(name) && (await deps.tenant().dropKey(name));
	if (!dropped) return problem(404, `No key is stored for \`${name.slice(0, 64)}\`.`);
	await deps.keys.refreshed();
	return new Response(null, { status: 204 });
}

/** `POST /v1/backends/{name}/test`: one small call to its provider, which may cost a fraction of a cent. */
export async function testBackend({ deps, request, key: name }: Call): Promise<Response> {
	if (!deps.backends.names().includes(name)) return unknownBackend(deps, name);
	const wanted = await received(request, TestBackend, { emptyAs: {} });
	if (wanted instanceof Response) return wanted;
	await deps.keys.refreshed();
	const model = wanted.model ?? deps.backends.about(name)?.defaultModel ?? "";
	const came: BackendTested = await deps.tried({ backend: name, model, params: {} });
	return json(came);
}

/** Why no key is to be stored for this backend. */
function keyless(deps: AppDeps, name: string): Response | null {
	if (!deps.backends.names().includes(name)) return unknownBackend(deps, name);
	if (deps.backends.about(name)?.host === null) return problem(409, `\`${name}\` needs no key.`);
	if (deps.keys.source(name) !== "setting") return null;
	return problem(409, `A setting of this deployment holds the key of \`${name}\`, and goes first. Remove it there.`);
}

/** A stored address that a setting overrides would look as if the key were sent there. */
function addressFault({ keys }: AppDeps, name: string, baseUrl: string | null): string | null {
	const source = keys.address(name);
	if (baseUrl !== null && source === "setting")
		return "is what a setting of this deployment says, which goes first: leave it out";
	return baseUrl === null && source === "none" ? "is required: this backend has no address of its own" : null;
}

function unknownBackend({ backends }: AppDeps, name: string): Response {
	const meant = nearest(name, backends.names());
	const hint = meant === null ? "GET /v1/backends lists what there is." : `Did you mean \`${meant}\`?`;
	return problem(404, `There is no backend \`${name.slice(0, 64)}\`. ${hint}`);
}

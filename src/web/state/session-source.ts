import { makeClient, type Client, type ClientDeps } from "../../api/client.ts";

/** Which log a page shows: a session of one's own, or one that somebody shared, which may only be read. */
export type Source =
	| { readonly kind: "own"; readonly id: string; readonly key: string }
	| { readonly kind: "shared"; readonly token: string };

/** A client and the id under which it knows the source's session. */
export function clientOf(
	source: Source,
	deps: Omit<ClientDeps, "key">,
): { readonly client: Client; readonly id: string } {
	if (source.kind === "own") return { client: makeClient({ ...deps, key: source.key }), id: source.id };
	const fetch = (request: Request) => deps.fetch(asShared(request));
	return { client: makeClient({ ...deps, key: "", fetch }), id: source.token };
}

/** What is shared stands at an address of its own, asks for no key and cannot be changed. */
function asShared(request: Request): Request {
	const headers = new Headers(request.headers);
	headers.delete("authorization");
	const url = request.url.replace("/v1/sessions/", "/v1/shared/");
	return new Request(url, { method: "GET", headers, signal: request.signal });
}

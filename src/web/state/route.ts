/** Where in the page one is; its address is a path, so that it can be sent to somebody. */
export type Route =
	| { readonly at: "ask" }
	| { readonly at: "session"; readonly id: string }
	| { readonly at: "shared"; readonly token: string }
	| { readonly at: "sessions" }
	| { readonly at: "teams" }
	| { readonly at: "setup" }
	| { readonly at: "nowhere"; readonly path: string };

const plain: Readonly<Record<string, Route>> = {
	"/": { at: "ask" },
	"/sessions": { at: "sessions" },
	"/teams": { at: "teams" },
	"/setup": { at: "setup" },
};

/** The route of a path, as a browser has it in `location.pathname`. */
export function routeOf(path: string): Route {
	const found = plain[path.replace(/(.)\/+$/, "$1")];
	if (found !== undefined) return found;
	const [, place, name = ""] = /^\/(s|share)\/([^/]+)\/?$/.exec(path) ?? [];
	const named = decoded(name);
	if (place === "s" && named !== null) return { at: "session", id: named };
	if (place === "share" && named !== null) return { at: "shared", token: named };
	return { at: "nowhere", path };
}

/** The address of a session. */
export function sessionPath(id: string): string {
	return `/s/${encodeURIComponent(id)}`;
}

function decoded(name: string): string | null {
	try {
		return decodeURIComponent(name);
	} catch {
		return null;
	}
}

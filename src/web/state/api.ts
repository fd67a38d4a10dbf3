import { createContext, useContext } from "react";
import type { Client } from "../../api/client.ts";

/** What every part of the page that asks the server needs. */
export type Api = {
	readonly client: Client;
	readonly key: string;
	/** Looks out for a key that is refused. */
	readonly fetch: (request: Request) => Promise<Response>;
};

export const ApiContext = createContext<Api | null>(null);

/** The API with the person's key; only below a page that has one. */
export function useApi(): Api {
	const api = useContext(ApiContext);
	if (api === null) throw new Error("no key: this part of the page stands behind the key's");
	return api;
}

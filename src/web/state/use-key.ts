import { useMemo, useState } from "react";
import { makeClient } from "../../api/client.ts";
import type { Api } from "./api.ts";
import { dropKey, keepKey, takeKey } from "./api-key.ts";

export type Keyed = {
	/** Null: there is no key that the server takes. */
	readonly api: Api | null;
	/** Whether a key was there and the server refused it. */
	readonly refused: boolean;
	readonly enter: (key: string) => void;
};

/** The person's key and a client that uses it, until the server refuses it. */
export function useKey(): Keyed {
	const [key, setKey] = useState(() => takeKey({ location, history, storage: localStorage }));
	const [refused, setRefused] = useState(false);
	const api = useMemo(() => {
		if (key === null) return null;
		const fetched = async (request: Request) => {
			const response = await fetch(request);
			if (response.status === 401) {
				dropKey(localStorage);
				setRefused(true);
				setKey(null);
			}
			return response;
		};
		return { key, fetch: fetched, client: makeClient({ baseUrl: location.origin, key, fetch: fetched }) };
	}, [key]);
	const enter = (entered: string) => {
		keepKey(localStorage, entered);
		setRefused(false);
		setKey(entered);
	};
	return { api, refused, enter };
}

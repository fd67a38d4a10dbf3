const storedAs = "massgen.key";

/** The parts of a browser that a key passes through. */
export type KeyPlaces = {
	readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
	readonly history: { readonly replaceState: (state: null, unused: string, url: string) => void };
	readonly storage: {
		readonly getItem: (name: string) => string | null;
		readonly setItem: (name: string, value: string) => void;
		readonly removeItem: (name: string) => void;
	};
};

/**
 * The key of the API: the one behind the # of the server's ready line, which then leaves the address bar and the browser's
 * history, or the one kept from an earlier visit.
 */
export function takeKey({ location, history, storage }: KeyPlaces): string | null {
	const given = new URLSearchParams(location.hash.slice(1)).get("key");
	if (given === null || given === "") return storage.getItem(storedAs);
	storage.setItem(storedAs, given);
	history.replaceState(null, "", location.pathname + location.search);
	return given;
}

/** Keeps a key that a person typed in. */
export function keepKey(storage: KeyPlaces["storage"], key: string): void {
	storage.setItem(storedAs, key);
}

/** Forgets a key that is refused. */
export function dropKey(storage: KeyPlaces["storage"]): void {
	storage.removeItem(storedAs);
}

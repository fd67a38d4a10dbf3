import { expect, test } from "vitest";
import { dropKey, keepKey, takeKey } from "../../../src/web/state/api-key.ts";

function browser(hash: string) {
	const stored = new Map<string, string>();
	const addresses: string[] = [];
	const storage = {
		getItem: (name: string) => stored.get(name) ?? null,
		setItem: (name: string, value: string) => void stored.set(name, value),
		removeItem: (name: string) => void stored.delete(name),
	};
	const history = {
		replaceState: (_: unknown, __: string, url: string) => void addresses.push(url),
	};
	return { addresses, places: { location: { hash, pathname: "/s/1", search: "" }, history, storage } };
}

test("the key behind the # is taken, kept, and leaves the address", () => {
	const { places, addresses } = browser("#key=mg_1");
	const later = { ...places, location: { ...places.location, hash: "" } };
	expect([takeKey(places), takeKey(later), addresses]).toEqual(["mg_1", "mg_1", ["/s/1"]]);
});

test("a key that was typed in is kept until it is dropped", () => {
	const { places, addresses } = browser("");
	const before = takeKey(places);
	keepKey(places.storage, "mg_2");
	const kept = takeKey(places);
	dropKey(places.storage);
	expect([before, kept, takeKey(places), addresses]).toEqual([null, "mg_2", null, []]);
});

test("a new link's key replaces the old one; an empty one does not", () => {
	const { places } = browser("#key=mg_new");
	keepKey(places.storage, "mg_old");
	const empty = { ...places, location: { ...places.location, hash: "#key=" } };
	expect([takeKey(empty), takeKey(places), takeKey(empty)]).toEqual(["mg_old", "mg_new", "mg_new"]);
});

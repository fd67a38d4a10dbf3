import { isJsonObject } from "../std/json.ts";
import { settingsFor } from "./endpoint.ts";
import { hostNamed, type Settings } from "./hosts.ts";

/** A provider's key that a person stored, and where it is good for, if not at the host's own address. */
export type StoredKey = { readonly key: string; readonly base_url: string | null };
/** What is stored of it. `version` grows with each change, and is 0 before the first one. */
export type SealedKeys = {
	readonly version: number;
	readonly keys: readonly { readonly backend: string; readonly sealed: string }[];
};
/** Where a backend's key comes from. `unreadable`: one is stored, and cannot be opened with the settings of now. */
export type KeySource = "setting" | "stored" | "unreadable" | "none";

/** `setting`: it goes before an address that is stored. `host`: the provider's own. */
export type AddressSource = "setting" | "host" | "none";

/** The settings and the stored keys, as backends read them. */
export type Keyring = {
	/**
	 * The settings, with the stored keys among them under the names that settings have. It is the same object for good, and
	 * its values are those of now: whoever makes backends from it need not make them anew.
	 */
	readonly settings: Settings;
	readonly source: (backend: string) => KeySource;
	/** Who says where this backend is where no address is stored with its key. */
	readonly address: (backend: string) => AddressSource;
	readonly sealed: (backend: string, stored: StoredKey) => Promise<string>;
	/** Reads what is stored. */
	readonly refreshed: () => Promise<void>;
	/** Reads what is stored unless that is known in this version, or a later one. */
	readonly knows: (version: number) => Promise<void>;
};

export type KeyringDeps = {
	readonly read: () => Promise<SealedKeys>;
	readonly seal: (name: string, secret: string) => Promise<string>;
	/** Null where it cannot be opened. */
	readonly open: (name: string, sealed: string) => Promise<string | null>;
};

/**
 * A setting goes before a stored key, since it is what the operator has decided for the whole deployment and what no page
 * can change; and it goes whole: with a key from the settings no stored address counts, or whoever may store an address
 * could have the operator's key sent there.
 */
export function makeKeyring(settings: Settings, { read, seal, open }: KeyringDeps): Keyring {
	const live: Record<string, string | undefined> = { ...settings };
	let known: { readonly version: number; readonly sources: ReadonlyMap<string, KeySource> } = unread;
	const refreshed = async (): Promise<void> => {
		const { version, keys } = await read();
		const opened = await Promise.all(
			keys.map(async ({ backend, sealed }) => ({
				backend,
				stored: storedIn(await open(nameOf(backend), sealed)),
			})),
		);
		// Two readers may overtake each other.
		if (version < known.version) return;
		const usable = opened.filter(({ backend }) => !hasKey(settings, backend));
		known = { version, sources: new Map(usable.map(({ backend, stored }) => [backend, sourceOf(stored)])) };
		replace(live, { ...Object.assign({}, ...usable.map(settingsOf)), ...settings });
	};
	return {
		settings: live,
		refreshed,
		source: (backend) => (hasKey(settings, backend) ? "setting" : (known.sources.get(backend) ?? "none")),
		address: (backend) => {
			if (settings[settingsFor(backend).urlSetting]) return "setting";
			return (hostNamed(backend)?.baseUrl ?? null) === null ? "none" : "host";
		},
		sealed: (backend, stored) => seal(nameOf(backend), JSON.stringify(stored)),
		knows: async (version) => {
			if (known.version < version) await refreshed();
		},
	};
}

const unread = { version: -1, sources: new Map<string, KeySource>() };
const nameOf = (backend: string) => `backend:${backend}`;

function hasKey(settings: Settings, backend: string): boolean {
	return settingsFor(backend).keySettings.some((name) => settings[name]);
}

function sourceOf(stored: StoredKey | null): KeySource {
	return stored === null ? "unreadable" : "stored";
}

function settingsOf({ backend, stored }: { backend: string; stored: StoredKey | null }): Settings {
	if (stored === null) return {};
	const { urlSetting, keySettings } = settingsFor(backend);
	const [keySetting = ""] = keySettings;
	return { [keySetting]: stored.key, ...(stored.base_url !== null && { [urlSetting]: stored.base_url }) };
}

function replace(live: Record<string, string | undefined>, next: Settings): void {
	for (const name of Object.keys(live)) if (!(name in next)) delete live[name];
	Object.assign(live, next);
}

/** Sealed by us, so only its shape is looked at. */
function storedIn(text: string | null): StoredKey | null {
	const parsed: unknown = text === null ? null : JSON.parse(text);
	if (!isJsonObject(parsed)) return null;
	const { key, base_url = null } = parsed;
	return typeof key === "string" && (base_url === null || typeof base_url === "string") ? { key, base_url } : null;
}

import type { BackendSpec, Endpoint, Host, HostWire, Settings, SpecProblem } from "./hosts.ts";

/** Base URL and key that the settings (and, for hosts without one of their own, the params) give; or what is missing. */
export function endpointOf(host: Host, spec: BackendSpec, settings: Settings): Endpoint | SpecProblem {
	const { keySettings } = settingsFor(spec.backend);
	const baseUrl = baseUrlOf(host, spec, settings);
	if (typeof baseUrl !== "string") return baseUrl;
	const key = keySettings.map((name) => settings[name]).find((value) => value) ?? null;
	if (host.key !== "optional" && key === null)
		return { path: "backend", message: `${spec.backend} needs a key: set ${keySettings.join(" or ")}` };
	return {
		name: spec.backend,
		baseUrl,
		key: isOperators(baseUrl, host, spec, settings) ? key : null,
		wire: host.wire,
		quirks: host.quirks,
	};
}

/** Whether the settings show that somebody wants to use this host: its key is set, the URL of a local server, or both. */
export function isSetUp(name: string, host: Host, settings: Settings): boolean {
	const { urlSetting, keySettings } = settingsFor(name);
	const hasKey = keySettings.some((key) => settings[key]);
	const hasUrl = Boolean(settings[urlSetting]);
	if (host.key === "with its URL") return hasKey && hasUrl;
	if (takesBaseUrl(host)) return false;
	return host.key === "needed" ? hasKey : hasUrl;
}

/** Whether a team says by `base_url` where this host is. */
export function takesBaseUrl(host: Host): boolean {
	return host.baseUrl === null && host.key === "optional";
}

/** The settings that a host reads, by their names. */
export function settingsFor(name: string): { readonly urlSetting: string; readonly keySettings: readonly string[] } {
	const prefix = name.toUpperCase().replaceAll("-", "_");
	const keySettings = [`${prefix}_API_KEY`, ...(name === "gemini" ? ["GOOGLE_API_KEY"] : [])];
	return { urlSetting: `${prefix}_BASE_URL`, keySettings };
}

function baseUrlOf(host: Host, spec: BackendSpec, settings: Settings): string | SpecProblem {
	const { urlSetting } = settingsFor(spec.backend);
	const given = takesBaseUrl(host) ? spec.params["base_url"] : undefined;
	const url = given ?? (settings[urlSetting] || host.baseUrl);
	if (url === null) return missingUrl(host, spec.backend);
	const trimmed = typeof url === "string" ? trimmedUrl(url, host.wire) : null;
	if (trimmed !== null) return trimmed;
	const [path, name] = given === undefined ? ["backend", urlSetting] : ["params.base_url", "base_url"];
	return { path, message: `${name} must be an http(s) URL without credentials` };
}

function missingUrl(host: Host, name: string): SpecProblem {
	const { urlSetting, keySettings } = settingsFor(name);
	if (takesBaseUrl(host))
		return { path: "params.base_url", message: `${name} needs a base_url (or the setting ${urlSetting})` };
	const settings = `set ${urlSetting} and ${keySettings.join(" or ")}`;
	return { path: "backend", message: `${name} needs the address and a key of your account: ${settings}` };
}

/** A team may name any base_url, so the key goes only to the origin that the operator chose for it. */
function isOperators(baseUrl: string, host: Host, spec: BackendSpec, settings: Settings): boolean {
	const configured = settings[settingsFor(spec.backend).urlSetting] || host.baseUrl;
	return configured !== null && URL.parse(configured)?.origin === URL.parse(baseUrl)?.origin;
}

/** What people append to the base although the SDK of that wire adds it itself. */
const versionSuffix: Record<HostWire, RegExp | null> = {
	"anthropic-messages": /\/v1$/,
	"gemini-generate": /\/v1(beta)?$/,
	"openai-responses": null,
	"openai-chat": null,
};

function trimmedUrl(url: string, wire: HostWire): string | null {
	const parsed = URL.parse(url);
	if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "")
		return null;
	const bare = url.replace(/\/+$/, "");
	return bare.replace(versionSuffix[wire] ?? /$^/, "");
}

import type { BackendList } from "./backend-list.ts";
import type { AppDeps, Call, KeysPort } from "./deps.ts";
import { json } from "./json-response.ts";

/** `GET /v1/backends`: which could be used now, and what the others lack. */
export async function listBackends({ deps }: Call): Promise<Response> {
	await deps.keys.refreshed();
	const backends = deps.backends.names().map((name) => backendListed(deps, name));
	return json({ backends } satisfies BackendList);
}

type Row = BackendList["backends"][number];

/** One backend as it stands with the settings and keys that were read last. */
export function backendListed({ backends, keys }: AppDeps, name: string): Row {
	const model = backends.keyed().find(({ backend }) => backend === name)?.model ?? null;
	const about = backends.about(name);
	const fault = backends.problem({ backend: name, model: model ?? about?.defaultModel ?? "any", params: {} });
	const row = { name, ready: fault === null, model, ...keyTold(keys.source(name), fault?.message ?? null) };
	if (about === null || about.host === null) return row;
	const { defaultModel, host } = about;
	const { wire, abilities } = host;
	return {
		...row,
		wire,
		default_model: defaultModel,
		abilities,
		default_model_abilities: host.abilitiesOf(defaultModel),
	};
}

/** Where the key comes from, and what is wrong. */
function keyTold(source: ReturnType<KeysPort["source"]>, why: string | null): Pick<Row, "key" | "why"> {
	if (source !== "unreadable") return { key: source, why };
	return { key: "none", why: why === null ? null : unreadable };
}

const unreadable =
	"the key that was stored for it cannot be read any more, since VAULT_KEY or ADMIN_KEY has changed: store it again";

import type { SessionRpc, TenantRpc } from "../../durable-objects/rpc.ts";
import type { Team } from "../consensus/team.ts";
import type { JsonObject } from "../std/json.ts";
import type { AbilityName, BackendList } from "./backend-list.ts";
import type { FieldError } from "./contract.ts";
import type { BackendTested } from "./key-schema.ts";
import type { SetupCheck } from "./setup-schema.ts";
import type { RecentNames } from "../std/recent-names.ts";

export type ModelSpec = { readonly backend: string; readonly model: string; readonly params: JsonObject };

/** What the API has to know about backends, so that a session that cannot work is refused before it starts. */
export type BackendsPort = {
	/**
	 * Why this model cannot be called here (`path` within the spec, like `backend` or `params.base_url`), or lacks one of
	 * `needs` (`path` is `model` then); null when it can, and where only its provider knows whether it lacks one.
	 */
	readonly problem: (spec: ModelSpec, needs?: readonly AbilityName[]) => FieldError | null;
	/** Whether it is known what a call of this model costs: a budget in dollars needs that of the whole team. */
	readonly priced: (spec: Pick<ModelSpec, "backend" | "model">) => boolean;
	/** Backends whose key is set, with the model the team `auto` gives each. */
	readonly keyed: () => readonly { readonly backend: string; readonly model: string }[];
	readonly names: () => readonly string[];
	/** What may stand in an agent's `tools`: those that providers run on their own side. */
	readonly serverTools: readonly string[];
	/** What is known of a backend; `host` is null for one of our own, which speaks no wire. Null for a name unknown here. */
	readonly about: (name: string) => AboutBackend | null;
};

/** Keys of providers that the tenant stores, beside those in the settings. */
export type KeysPort = {
	/** From here on `BackendsPort` answers by what is stored now; before, by what was read last. */
	readonly refreshed: () => Promise<void>;
	/** `unreadable`: one is stored that cannot be opened with the settings of now. */
	readonly source: (backend: string) => "setting" | "stored" | "unreadable" | "none";
	/** Who says where a backend is for which no address is stored; a setting goes before one that is. */
	readonly address: (backend: string) => "setting" | "host" | "none";
	/** What may be stored of a key: nobody reads it without the settings. */
	readonly sealed: (backend: string, key: { key: string; base_url: string | null }) => Promise<string>;
};

export type AboutBackend = {
	readonly defaultModel: string;
	readonly host: {
		readonly wire: string;
		readonly abilities: AbilitiesTold;
		readonly abilitiesOf: (model: string) => AbilitiesTold;
	} | null;
};
type AbilitiesTold = NonNullable<BackendList["backends"][number]["abilities"]>;

/** Everything the API stands on, injected by the composition root. */
export type AppDeps = {
	readonly adminKey: string | null;
	/** Null: URLs in answers take the origin of the request. */
	readonly publicUrl: string | null;
	readonly version: string;
	readonly tenant: () => TenantRpc;
	readonly session: (id: string) => SessionRpc;
	readonly backends: BackendsPort;
	readonly keys: KeysPort;
	/** One small call, whatever comes of it. */
	readonly tried: (spec: ModelSpec) => Promise<BackendTested>;
	/** What `GET /v1/setup` tells besides providers and addresses: each front end knows its own part. */
	readonly setupChecks: readonly { readonly name: string; readonly check: () => Promise<readonly SetupCheck[]> }[];
	/** `demo` always; `auto` and `local` when there is something to run them on. */
	readonly builtInTeams: () => readonly Team[];
	readonly recent: RecentNames;
	readonly newId: () => string;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
	/** Told of our own faults, which the caller sees only as a 500. */
	readonly crashed: (error: Error) => void;
};

/** One request at one route. `key` is the path's parameter: a session's id, a team's name, a token. `part`: a file or link of a session. */
export type Call = {
	readonly deps: AppDeps;
	readonly request: Request;
	readonly key: string;
	/** Empty where the path has no second parameter. */
	readonly part: string;
};
export type Route = (call: Call) => Response | Promise<Response>;

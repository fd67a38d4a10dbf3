import type { BackendList } from "../../api/backend-list.ts";
import type { TeamList } from "../../api/contract.ts";

export type Provider = BackendList["backends"][number];
/** A model server of this machine, as the server found it when it started. */
export type LocalServer = { readonly backend: string; readonly models: readonly string[] };

export type Providers = {
	/** They have a key, or cannot be read although they had one. */
	readonly keyed: readonly Provider[];
	/** They may get one. */
	readonly others: readonly Provider[];
	readonly local: readonly LocalServer[];
};

/** The providers as one sets them up. What computes by itself is none of them. */
export function providersOf({ backends }: BackendList, { teams, built_in }: TeamList): Providers {
	const hosts = backends.filter(({ wire }) => wire !== undefined);
	const hasKey = ({ key }: Provider) => key !== undefined && key !== "none";
	const found = teams.find(({ name }) => name === "local" && built_in.includes(name))?.agents ?? [];
	const names = [...new Set(found.map(({ backend }) => backend))];
	return {
		keyed: hosts.filter(hasKey),
		others: hosts.filter((host) => !hasKey(host)),
		local: names.map((backend) => ({
			backend,
			models: found.filter((agent) => agent.backend === backend).map(({ model }) => model),
		})),
	};
}

/** Whether a provider has no address of its own: it is named as the protocol that any host may speak. */
export function isAnyHost({ name, wire }: Provider): boolean {
	return name === wire;
}

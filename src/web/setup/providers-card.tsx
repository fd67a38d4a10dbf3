import { useCallback } from "react";
import { Go } from "../shell/go.tsx";
import { useApi } from "../state/api.ts";
import { KeyForm } from "./key-form.tsx";
import { ProviderRow } from "./provider-row.tsx";
import { providersOf, type LocalServer } from "./providers.ts";
import { isThisMachine } from "./this-machine.ts";
import { useLoaded } from "./use-loaded.ts";

/** Who can answer: providers with a key, model servers of this machine, and the way to add one. */
export function ProvidersCard() {
	const { client } = useApi();
	const load = useCallback(
		async () => providersOf(...(await Promise.all([client.backends(), client.teams()]))),
		[client],
	);
	const [loaded, again] = useLoaded(load);
	return (
		<section className="setup-card card" aria-labelledby="providers">
			<header>
				<h2 id="providers">Providers</h2>
				{loaded.status === "loaded" && loaded.value.keyed.length > 0 && (
					<span className="chip good numeric">{loaded.value.keyed.length} ready</span>
				)}
			</header>
			<div className="setup-body">
				{loaded.status === "loading" && <p className="soft">Loading…</p>}
				{loaded.status === "failed" && (
					<p className="notice bad" role="alert">
						{loaded.fault}
					</p>
				)}
				{loaded.status === "loaded" && (
					<>
						{loaded.value.keyed.length > 0 && (
							<ul className="plain" aria-label="Providers with a key">
								{loaded.value.keyed.map((provider) => (
									<ProviderRow key={provider.name} provider={provider} changed={again} />
								))}
							</ul>
						)}
						<Local servers={loaded.value.local} />
						<KeyForm providers={loaded.value.others} changed={again} />
						{(loaded.value.keyed.length > 0 || loaded.value.local.length > 0) && (
							<Go to="/teams" className="button main setup-next">
								Next: build a team
							</Go>
						)}
					</>
				)}
			</div>
		</section>
	);
}

function Local({ servers }: { readonly servers: readonly LocalServer[] }) {
	if (servers.length > 0)
		return (
			<p className="notice good">
				Found on this machine, and ready as the team <code>local</code>:{" "}
				{servers.map(({ backend, models }) => `${backend} (${models.join(", ")})`).join("; ")}
			</p>
		);
	return isThisMachine(location.hostname) ? (
		<p className="soft tiny">
			LM Studio, Ollama, vLLM, SGLang and llama.cpp need no key: whichever runs here when the server starts is
			found.
		</p>
	) : null;
}

import "./setup.css";
import { useCallback } from "react";
import { useApi } from "../state/api.ts";
import { ChatCard } from "./chat-card.tsx";
import { chatApps } from "./chat-apps.ts";
import { checksOfDeployment, type Setup } from "./checks.ts";
import { ProvidersCard } from "./providers-card.tsx";
import { useLoaded } from "./use-loaded.ts";

/** What the deployment has, what it lacks, and how to get it: providers first, for the rest is of no use without one. */
export function SetupPage() {
	const { client } = useApi();
	// Asks chat platforms, which may take seconds: the providers are not kept waiting.
	const [setup] = useLoaded(useCallback(() => client.setup(), [client]));
	const known = setup.status === "loaded" ? setup.value : null;
	return (
		<section className="sheet setup">
			<h1>Setup</h1>
			<p className="soft">
				The demo team needs nothing of this. With the key of one provider its models answer; with several they
				answer together.
			</p>
			{setup.status === "failed" && (
				<p className="notice bad" role="alert">
					{setup.fault}
				</p>
			)}
			<Lacking setup={known} />
			<ProvidersCard />
			{chatApps.map((app) => (
				<ChatCard key={app.name} app={app} checks={known?.checks ?? null} />
			))}
			{known !== null && <p className="soft tiny">MassGen Edge {known.version}</p>}
		</section>
	);
}

function Lacking({ setup }: { readonly setup: Setup | null }) {
	return checksOfDeployment(setup?.checks ?? []).map(({ name, detail, fix }) => (
		<p key={name} className="notice warn">
			{detail} {fix}
		</p>
	));
}

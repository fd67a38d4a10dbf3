import { useState } from "react";
import { Outcome } from "./outcome.tsx";
import type { Provider } from "./providers.ts";
import { useProvider } from "./use-provider.ts";

type Props = { readonly provider: Provider; readonly changed: () => void };

/** A provider with a key: whether it works, and the way to be rid of it. */
export function ProviderRow({ provider, changed }: Props) {
	const { name, key, model, default_model, why } = provider;
	const { doing, test, remove } = useProvider(changed);
	const [asks, setAsks] = useState(false);
	const busy = doing.status === "busy";
	return (
		<li className="provider-row" aria-label={name}>
			<div className="provider-line">
				<strong>{name}</strong>
				<span className="mono tiny soft provider-model">{model ?? default_model}</span>
				<span className="chip good">{key === "setting" ? "key: a setting" : "key: stored"}</span>
				<span className="provider-acts">
					<button type="button" className="button" disabled={busy} onClick={() => void test(name)}>
						Test<span className="unseen"> {name}</span>
					</button>
					{key === "stored" && !asks && (
						<button type="button" className="button plain" disabled={busy} onClick={() => setAsks(true)}>
							Remove…<span className="unseen"> the key of {name}</span>
						</button>
					)}
					{asks && (
						<>
							<button
								type="button"
								className="button bad"
								disabled={busy}
								onClick={() => void remove(name)}
							>
								Remove the key
							</button>
							<button type="button" className="button plain" onClick={() => setAsks(false)}>
								Keep it
							</button>
						</>
					)}
				</span>
			</div>
			{why !== null && <p className="notice warn">{why}</p>}
			<Outcome doing={doing} />
		</li>
	);
}

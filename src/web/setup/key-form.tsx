import { useRef, useState, type FormEvent } from "react";
import { Outcome } from "./outcome.tsx";
import { isAnyHost, type Provider } from "./providers.ts";
import { useProvider } from "./use-provider.ts";

type Props = { readonly providers: readonly Provider[]; readonly changed: () => void };

/**
 * Takes a provider's key. The browser's own field holds it and is emptied once it is stored: as a state of the page it
 * would stand in the document as an attribute.
 */
export function KeyForm({ providers, changed }: Props) {
	const [picked, setPicked] = useState<string | null>(null);
	const [elsewhere, setElsewhere] = useState(false);
	const form = useRef<HTMLFormElement>(null);
	const { doing, store } = useProvider(changed);
	const provider = providers.find(({ name }) => name === picked) ?? providers[0];
	if (provider === undefined) return null;
	const refused = doing.status === "refused" && doing.paths.includes("base_url");
	const submit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const given = new FormData(event.currentTarget);
		const text = (name: string) => {
			const value = given.get(name);
			return typeof value === "string" ? value.trim() : "";
		};
		if (await store(provider.name, text("key"), text("base_url"))) form.current?.reset();
	};
	return (
		<form ref={form} className="setup-form" aria-label="Add a provider" onSubmit={(event) => void submit(event)}>
			<div className="setup-fields">
				<label>
					<span>Provider</span>
					<select className="field" value={provider.name} onChange={(event) => setPicked(event.target.value)}>
						{providers.map(({ name }) => (
							<option key={name}>{name}</option>
						))}
					</select>
				</label>
				<label className="setup-key">
					<span>Key</span>
					<input
						className="field mono"
						name="key"
						type="password"
						autoComplete="off"
						spellCheck={false}
						required
						maxLength={4096}
					/>
				</label>
				<button className="button main" disabled={doing.status === "busy"}>
					Save and test
				</button>
			</div>
			<details
				open={elsewhere || refused || isAnyHost(provider)}
				onToggle={(event) => setElsewhere(event.currentTarget.open)}
			>
				<summary className="soft tiny">At another address</summary>
				<label className="setup-address">
					<span>Base URL</span>
					<input
						className="field mono"
						name="base_url"
						type="url"
						placeholder="https://"
						autoComplete="off"
						maxLength={2048}
						required={isAnyHost(provider)}
					/>
				</label>
			</details>
			<Outcome doing={doing} />
			<p className="soft tiny">
				It is stored encrypted, used for every session from now on, and shown to nobody again. The test is one
				small call, which may cost a fraction of a cent.
			</p>
		</form>
	);
}

import { useState, type FormEvent } from "react";

type Props = { readonly refused: boolean; readonly enter: (key: string) => void };

/** Asks for the key: on a first visit without the ready line's link, or once the server has refused the old one. */
export function KeyPage({ refused, enter }: Props) {
	const [key, setKey] = useState("");
	const given = key.trim();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (given !== "") enter(given);
	};
	return (
		<section className="sheet">
			<h1>{refused ? "The server did not take the key" : "This server wants a key"}</h1>
			<p className="soft">
				It stands behind <code>#key=</code> in the line <code>ready …</code> that <code>npm start</code>{" "}
				printed. A deployment's key is its <code>ADMIN_KEY</code>. It is kept in this browser only.
			</p>
			<form className="key-form" onSubmit={submit}>
				<label htmlFor="key">Key</label>
				<div className="row">
					<input
						id="key"
						className="field mono"
						type="password"
						autoComplete="current-password"
						spellCheck={false}
						value={key}
						onChange={(event) => setKey(event.target.value)}
					/>
					<button className="button main" disabled={given === ""}>
						Enter
					</button>
				</div>
			</form>
		</section>
	);
}

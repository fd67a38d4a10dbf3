import "./share.css";
import { useState } from "react";
import type { Room } from "../state/room.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { Sheet } from "../shell/sheet.tsx";
import { lifetimes, usualLifetime } from "./lifetimes.ts";
import { ShareRow } from "./share-row.tsx";
import { useShares } from "./use-shares.ts";

type Props = { readonly seat: NonNullable<Room["seat"]>; readonly close: () => void };

/** Makes links by which others read this session, and ends them. */
export function ShareSheet({ seat, close }: Props) {
	const { list, made, busy, fault, make, end } = useShares(seat.client, seat.id);
	const [lifetime, setLifetime] = useState<number>(usualLifetime);
	return (
		<Sheet title="Share this session" close={close}>
			<p className="soft">
				Whoever has the link reads this session, now and as it goes on, without a key. They cannot change
				anything, and do not see system prompts, settings or messages of errors.
			</p>
			<form
				className="share-form"
				onSubmit={(event) => {
					event.preventDefault();
					void make(lifetimes[lifetime]?.seconds ?? null);
				}}
			>
				<label>
					<span>The link opens for</span>
					<select
						className="field"
						value={lifetime}
						onChange={(event) => setLifetime(Number(event.target.value))}
					>
						{lifetimes.map(({ name }, i) => (
							<option key={name} value={i}>
								{name}
							</option>
						))}
					</select>
				</label>
				<button className="button main" disabled={busy}>
					Make a link
				</button>
			</form>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
			{made !== null && (
				<div className="made-link">
					<label htmlFor="made-link">Your link; it is shown only now</label>
					<div className="row">
						<input
							id="made-link"
							className="field mono"
							readOnly
							value={made.url}
							onFocus={({ target }) => target.select()}
						/>
						<CopyButton text={made.url} what="the link" />
					</div>
				</div>
			)}
			<h3>Links that open</h3>
			{list === null ? (
				<p className="soft">{fault === null ? "Loading…" : "Not known."}</p>
			) : list.length === 0 ? (
				<p className="soft">None.</p>
			) : (
				<ul className="plain share-list">
					{list.map((share) => (
						<ShareRow key={share.id} share={share} busy={busy} end={() => void end(share.id)} />
					))}
				</ul>
			)}
		</Sheet>
	);
}

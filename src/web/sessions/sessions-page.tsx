import "./sessions.css";
import { useState } from "react";
import { Go } from "../shell/go.tsx";
import { SessionRow } from "./session-row.tsx";
import { useSessions } from "./use-sessions.ts";

/** The longest that a title can be. */
const wordsCharsMax = 200;

/** What was asked before; each can be opened, renamed and deleted. */
export function SessionsPage() {
	const [typed, setTyped] = useState("");
	const words = typed.trim().slice(0, wordsCharsMax);
	const { page, fault, at, older, newer, rename, remove } = useSessions(words);
	const cursor = page?.cursor ?? null;
	return (
		<section className="sessions-page">
			<header>
				<h1>Sessions</h1>
				<input
					className="field"
					type="search"
					aria-label="Find a session by its title"
					placeholder="Find by title"
					maxLength={wordsCharsMax}
					value={typed}
					onChange={(event) => setTyped(event.target.value)}
				/>
			</header>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
			{page === null ? (
				<p className="soft">{fault === null && "Loading…"}</p>
			) : page.rows.length === 0 ? (
				<Nothing searched={words !== ""} />
			) : (
				<ul className="plain session-rows card">
					{page.rows.map((row) => (
						<SessionRow key={row.id} row={row} rename={rename} remove={remove} />
					))}
				</ul>
			)}
			<nav className="pages" aria-label="Pages of sessions" hidden={at === 0 && cursor === null}>
				<button type="button" className="button" disabled={at === 0} onClick={newer}>
					Newer
				</button>
				<button type="button" className="button" disabled={cursor === null} onClick={older}>
					Older
				</button>
			</nav>
		</section>
	);
}

function Nothing({ searched }: { readonly searched: boolean }) {
	if (searched) return <p className="soft">No title has these words.</p>;
	return (
		<p className="soft">
			Nothing was asked yet. <Go to="/">Ask a team something</Go>
		</p>
	);
}

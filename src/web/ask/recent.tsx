import { useEffect, useState } from "react";
import type { SessionPage } from "../../api/contract.ts";
import { Go } from "../shell/go.tsx";
import { useApi } from "../state/api.ts";
import { sessionPath } from "../state/route.ts";

const shownMax = 5;

/** The last sessions, to go on with. */
export function Recent() {
	const { client } = useApi();
	const [sessions, setSessions] = useState<SessionPage["sessions"]>([]);
	useEffect(() => {
		let gone = false;
		client.sessions({ limit: shownMax }).then(
			(page) => !gone && setSessions(page.sessions),
			() => undefined,
		);
		return () => void (gone = true);
	}, [client]);
	if (sessions.length === 0) return null;
	return (
		<section className="recent">
			<h2>Recent</h2>
			<ul className="plain">
				{sessions.map(({ id, title, status, team }) => (
					<li key={id}>
						<Go to={sessionPath(id)}>
							<bdi className="recent-title">{title}</bdi>
							<span className="chip">{team}</span>
							<span className="chip" data-status={status}>
								{status}
							</span>
						</Go>
					</li>
				))}
			</ul>
			<Go to="/sessions">All sessions</Go>
		</section>
	);
}

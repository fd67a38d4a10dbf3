import "./ledger.css";
import { useState } from "react";
import type { AnswerId } from "../../../consensus/events.ts";
import type { AgentId } from "../../../consensus/team.ts";
import type { PageSession } from "../../state/page-session.ts";
import { Arrows } from "./arrows.tsx";
import { ledgerOf } from "./ledger.ts";
import { Reason } from "./reason.tsx";
import { StandingRow } from "./standing-row.tsx";
import { Strip } from "./strip.tsx";
import { VoterMark } from "./voter-mark.tsx";

type Props = { readonly session: PageSession; readonly read: (answer: AnswerId) => void };

/** Large teams get lower rows. */
const roomyMax = 5;

/** The votes as they move: who stands behind which answer, whose vote fell, and why each voted as it did. */
export function LedgerCard({ session, read }: Props) {
	const { view, moments } = session;
	const { standings, arrows } = ledgerOf(view);
	const [picked, setPicked] = useState<AgentId | null>(null);
	const rowHeight = view.agents.length > roomyMax ? 34 : 46;
	const latest = arrows.reduce<(typeof arrows)[number] | null>(
		(last, arrow) => (arrow.seq > (last?.seq ?? 0) ? arrow : last),
		null,
	);
	const shown = arrows.find(({ voter }) => voter === picked) ?? latest;
	const counted = arrows.filter(({ standing }) => standing === "counted").length;
	return (
		<section className="ledger card" aria-label="Votes" data-sealed={view.sealed}>
			<header>
				<h2>Votes</h2>
				<span className="chip numeric">
					{counted} of {view.agents.length} voted
				</span>
			</header>
			<div className="ledger-board" style={{ minHeight: rowHeight * Math.max(view.agents.length, 1) }}>
				<ul className="plain voters" aria-label="Voters">
					{view.agents.map(({ id }) => (
						<li key={id} style={{ height: rowHeight }}>
							<VoterMark
								agent={id}
								arrow={arrows.find(({ voter }) => voter === id) ?? null}
								picked={shown?.voter === id}
								pick={setPicked}
							/>
						</li>
					))}
				</ul>
				<Arrows
					agents={view.agents.map(({ id }) => id)}
					standings={standings}
					arrows={arrows}
					rowHeight={rowHeight}
					picked={picked === null ? null : (shown?.voter ?? null)}
					pick={setPicked}
				/>
				{standings.length === 0 ? (
					<p className="soft no-answers">
						{view.sealed ? "Sealed: no answers to vote for yet." : "No answers yet."}
					</p>
				) : (
					<ul className="plain standings" aria-label="Answers">
						{standings.map((standing) => (
							<li key={standing.author ?? standing.answer} style={{ height: rowHeight }}>
								<StandingRow standing={standing} of={view.agents.length} read={read} />
							</li>
						))}
					</ul>
				)}
			</div>
			<Reason arrow={shown} />
			<Strip moments={moments} />
		</section>
	);
}

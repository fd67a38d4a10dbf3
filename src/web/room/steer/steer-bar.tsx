import "./steer.css";
import { useState } from "react";
import { GrowingField } from "../../shell/growing-field.tsx";
import { useRoom } from "../../state/room.ts";
import { isRunning } from "../phase.ts";
import { Effect } from "./effect.tsx";
import { MoreSheet } from "./more-sheet.tsx";
import { useSteer, type Seat } from "./use-steer.ts";

/** While a turn runs: what one can do about it. After it: the next question. */
export function SteerBar({ seat }: { readonly seat: Seat }) {
	const { session } = useRoom();
	const { view } = session;
	const steering = useSteer(seat);
	const [text, setText] = useState("");
	const [more, setMore] = useState(false);
	const runs = isRunning(view);
	const send = async () => {
		const words = text.trim();
		if (words === "" || steering.busy) return;
		const taken = await (runs ? steering.steer({ action: "note", text: words }) : steering.send(words));
		if (taken) setText("");
	};
	return (
		<section className="steer-bar" aria-label="Steer">
			<Effect entries={session.entries} queued={view.queued} />
			{steering.fault !== null && (
				<p className="notice bad" role="alert">
					{steering.fault}
				</p>
			)}
			<form
				className="steer-row"
				onSubmit={(event) => {
					event.preventDefault();
					void send();
				}}
			>
				<GrowingField
					id="steer"
					label={runs ? "A note to all agents" : "Ask the next question"}
					value={text}
					change={setText}
					send={() => void send()}
				/>
				<button className={runs ? "button" : "button main"} disabled={text.trim() === "" || steering.busy}>
					{runs ? "Add note" : "Ask"}
				</button>
				{runs && view.waiting === null && (
					<button
						type="button"
						className="button main"
						disabled={steering.busy || view.phase === "presenting"}
						onClick={() => void steering.steer({ action: "answer_now" })}
					>
						Answer now
					</button>
				)}
				{view.waiting !== null && (
					<button
						type="button"
						className="button main"
						disabled={steering.busy}
						onClick={() => void steering.steer({ action: "resume" })}
					>
						Resume
					</button>
				)}
				{runs && (
					<button type="button" className="button" onClick={() => setMore(true)}>
						More…
					</button>
				)}
			</form>
			{more && <MoreSheet view={view} budget={session.budget} steering={steering} close={() => setMore(false)} />}
		</section>
	);
}

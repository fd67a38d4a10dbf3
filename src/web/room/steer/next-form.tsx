import { useState } from "react";
import { GrowingField } from "../../shell/growing-field.tsx";

type Props = { readonly busy: boolean; readonly send: (message: string) => Promise<void> };

/** A question for the turn after this one: it waits in line. */
export function NextForm({ busy, send }: Props) {
	const [text, setText] = useState("");
	const sent = () => {
		if (text.trim() !== "" && !busy) void send(text.trim());
	};
	return (
		<div className="steer-row">
			<GrowingField id="next" label="Asked once this turn is over" value={text} change={setText} send={sent} />
			<button type="button" className="button" disabled={busy || text.trim() === ""} onClick={sent}>
				Queue
			</button>
		</div>
	);
}

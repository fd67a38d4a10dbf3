import { useState } from "react";
import { tabs } from "../tabs/tabs.tsx";

/** A session: its tabs. */
export function RoomPage() {
	const [open, setOpen] = useState(tabs[0].key);
	const { component: Shown } = tabs.find(({ key }) => key === open) ?? tabs[0];
	return (
		<>
			<div role="tablist" aria-label="Parts of the session">
				{tabs.map(({ key, title }) => (
					<button key={key} role="tab" aria-selected={key === open} onClick={() => setOpen(key)}>
						{title}
					</button>
				))}
			</div>
			<Shown />
		</>
	);
}

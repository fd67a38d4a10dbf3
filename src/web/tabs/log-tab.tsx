import "../log/log.css";
import { useState } from "react";
import { LogRows } from "../log/log-rows.tsx";
import { summaryOf } from "../log/summary-of.ts";
import { counted } from "../room/figures.ts";
import { useRoom } from "../state/room.ts";
import type { Entry } from "../state/entry.ts";
import { ScrollArea } from "../shell/scroll-area.tsx";

/** Everything that happened, line by line. */
export function LogTab() {
	const { entries, entriesDropped } = useRoom().session;
	const [wanted, setWanted] = useState("");
	const [open, setOpen] = useState<Entry | null>(null);
	const words = wanted.trim().toLowerCase();
	const shown = words === "" ? entries : entries.filter((entry) => textOf(entry).includes(words));
	return (
		<div className="log-tab">
			<div className="log-tools">
				<input
					className="field"
					type="search"
					aria-label="Find in the log"
					placeholder="Find: an agent, a type, a word"
					value={wanted}
					onChange={(event) => setWanted(event.target.value)}
				/>
				<span className="soft tiny numeric">
					{counted(shown.length, "line")}
					{entriesDropped > 0 && `, ${entriesDropped} older ones not kept`}
				</span>
			</div>
			<LogRows entries={shown} open={open?.seq ?? null} show={setOpen} />
			{open !== null && (
				<ScrollArea className="log-event card" label={`Event ${open.seq}`}>
					<pre dir="auto">
						{JSON.stringify(open.pieces > 1 ? { ...open.event, text: open.text } : open.event, null, 2)}
					</pre>
				</ScrollArea>
			)}
		</div>
	);
}

function textOf(entry: Entry): string {
	return `${entry.agent ?? ""} ${entry.type} ${entry.text || summaryOf(entry.event)}`.toLowerCase();
}

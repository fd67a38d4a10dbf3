import { useLayoutEffect, useRef, useState } from "react";
import type { Entry } from "../state/entry.ts";
import { LogRow } from "./log-row.tsx";
import { rowHeightPx, windowOf } from "./window-of.ts";

type Props = {
	readonly entries: readonly Entry[];
	readonly open: number | null;
	readonly show: (entry: Entry) => void;
};

/** Only the rows in sight are drawn. At the end it follows what comes; scrolled away from it, it stays. */
export function LogRows({ entries, open, show }: Props) {
	const frame = useRef<HTMLElement>(null);
	const [place, setPlace] = useState({ top: 0, height: 600, follows: true });
	const look = () => {
		const { current } = frame;
		if (current === null) return;
		const { scrollTop, clientHeight, scrollHeight } = current;
		const follows = scrollTop + clientHeight >= scrollHeight - rowHeightPx;
		setPlace({ top: scrollTop, height: clientHeight, follows });
	};
	const count = entries.length;
	useLayoutEffect(() => {
		const { current } = frame;
		if (current !== null && place.follows) current.scrollTop = count * rowHeightPx;
	}, [count, place.follows]);
	const { from, to } = windowOf(count, place);
	return (
		// oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys
		<section className="log-frame card" ref={frame} onScroll={look} tabIndex={0} aria-label="Log">
			<ol className="plain" style={{ height: count * rowHeightPx, paddingTop: from * rowHeightPx }}>
				{entries.slice(from, to).map((entry) => (
					<LogRow key={entry.seq} entry={entry} open={entry.seq === open} show={show} />
				))}
			</ol>
		</section>
	);
}

import { useEffect, useRef, type KeyboardEvent } from "react";
import { tabs } from "../tabs/tabs.tsx";

type Props = { readonly open: string; readonly show: (key: string) => void };

const moves: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** The tabs of a session, with the letters that open them. */
export function TabBar({ open, show }: Props) {
	const bar = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const { current } = bar;
		const tab = current?.querySelector<HTMLElement>(`#tab-${open}`);
		// On a phone not all have room at once.
		if (current !== null && tab) current.scrollLeft = tab.offsetLeft - current.offsetLeft - tab.offsetWidth / 2;
	}, [open]);
	const moved = ({ key }: KeyboardEvent) => {
		const step = moves[key];
		if (step === undefined) return;
		const at = tabs.findIndex((tab) => tab.key === open);
		const next = Number.isFinite(step) ? (at + step + tabs.length) % tabs.length : step < 0 ? 0 : tabs.length - 1;
		show(tabs[next]?.key ?? open);
		bar.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
	};
	return (
		<div
			className="tab-bar"
			role="tablist"
			aria-label="Parts of the session"
			ref={bar}
			onKeyDown={moved}
			tabIndex={-1}
		>
			{tabs.map(({ key, title }) => (
				<button
					key={key}
					id={`tab-${key}`}
					role="tab"
					aria-selected={key === open}
					aria-controls="tab-panel"
					tabIndex={key === open ? 0 : -1}
					onClick={() => show(key)}
				>
					{title}
					<kbd aria-hidden="true">{key.toUpperCase()}</kbd>
				</button>
			))}
		</div>
	);
}

import { useEffect, useRef } from "react";
import { tabs } from "../tabs/tabs.tsx";

type Keys = { readonly show: (tab: string) => void; readonly help: () => void };

/** Single keys, where nobody is typing: letters open tabs, figures go to agents, ? explains. */
export function useRoomKeys(keys: Keys): void {
	const latest = useRef(keys);
	useEffect(() => {
		latest.current = keys;
	});
	useEffect(() => {
		const pressed = (event: KeyboardEvent) => {
			if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
			const { key } = event;
			if (key === "?") return latest.current.help();
			if (key === "Escape") return leave();
			if (/^[1-9]$/.test(key)) return goToAgent(key, latest.current);
			if (tabs.some((tab) => tab.key === key.toLowerCase())) latest.current.show(key.toLowerCase());
		};
		addEventListener("keydown", pressed);
		return () => removeEventListener("keydown", pressed);
	}, []);
}

function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof Element &&
		target.closest("input:not([type=range]), textarea, select, dialog, [contenteditable]") !== null
	);
}

function leave(): void {
	if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function goToAgent(number: string, { show }: Keys): void {
	show(tabs[0].key);
	// The tab has to be there before its parts can be found.
	requestAnimationFrame(() => {
		const card = document.querySelector<HTMLElement>(`[data-seat="${number}"]`);
		card?.focus({ preventScroll: true });
		card?.scrollIntoView({ block: "nearest", inline: "center" });
	});
}

import { useEffect, useState } from "react";

const tickMs = 1_000;

/** The time, every second while it is wanted. */
export function useNow(wanted: boolean): number {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		if (!wanted) return;
		const tick = () => setNow(Date.now());
		tick();
		const timer = setInterval(tick, tickMs);
		return () => clearInterval(timer);
	}, [wanted]);
	return now;
}

import { useSyncExternalStore } from "react";
import { routeOf, type Route } from "./route.ts";

/** The route that the address bar shows, now and after each change. */
export function useRoute(): Route {
	return routeOf(useSyncExternalStore(onMove, () => location.pathname));
}

/** Goes to another part of the page without loading it anew. */
export function goTo(path: string): void {
	if (path === location.pathname) return;
	history.pushState(null, "", path);
	scrollTo(0, 0);
	for (const listener of listeners) listener();
	requestAnimationFrame(focusMain);
}

/** Keys and readers go on where the new part begins, unless it has put the focus somewhere itself. */
function focusMain(): void {
	const main = document.querySelector("main");
	if (main?.contains(document.activeElement) !== true) main?.focus({ preventScroll: true });
}

const listeners = new Set<() => void>();

function onMove(changed: () => void): () => void {
	listeners.add(changed);
	addEventListener("popstate", changed);
	return () => {
		listeners.delete(changed);
		removeEventListener("popstate", changed);
	};
}

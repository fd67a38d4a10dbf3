import { keepingRecent } from "./recent.ts";

/** A memory for names alone. */
export type RecentNames = {
	readonly add: (name: string) => void;
	readonly has: (name: string) => boolean;
	readonly drop: (name: string) => void;
};

/** Keeps the `max` names that were added last. */
export function recentNames(max: number): RecentNames {
	const kept = keepingRecent<true>(max);
	return {
		add: (name) => void kept.of(name, () => true),
		has: (name) => kept.known(name) !== null,
		drop: kept.drop,
	};
}

/** Values by name. */
export type Recent<T> = {
	/** The value of this name, made where there is none. */
	readonly of: (name: string, make: () => T) => T;
	/** Null where there is none. Nobody asked for it by that. */
	readonly known: (name: string) => T | null;
	readonly drop: (name: string) => void;
	/** Those asked for last stand last. */
	readonly all: () => readonly T[];
};

/** Keeps the `max` values that were asked for last; `forgotten` is told of the one that had to go for another. */
export function keepingRecent<T>(max: number, forgotten: (value: T) => void = () => {}): Recent<T> {
	const kept = new Map<string, T>();
	const forgetOldest = (): void => {
		for (const [oldest, value] of kept) {
			kept.delete(oldest);
			return forgotten(value);
		}
	};
	return {
		of: (name, make) => {
			const value = kept.get(name) ?? make();
			kept.delete(name);
			kept.set(name, value);
			if (kept.size > max) forgetOldest();
			return value;
		},
		known: (name) => kept.get(name) ?? null,
		drop: (name) => void kept.delete(name),
		all: () => [...kept.values()],
	};
}

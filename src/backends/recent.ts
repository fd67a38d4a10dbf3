/** Values by name. */
export type Recent<T> = {
	/** The value of this name, made where there is none. */
	readonly of: (name: string, make: () => T) => T;
	/** Null where there is none. */
	readonly known: (name: string) => T | null;
	/** Those asked for last stand last. */
	readonly all: () => readonly T[];
};

/** Keeps the `max` values that were asked for last, since a team may name any base URL and any model. */
export function keepingRecent<T>(max: number): Recent<T> {
	const kept = new Map<string, T>();
	return {
		of: (name, make) => {
			const value = kept.get(name) ?? make();
			kept.delete(name);
			kept.set(name, value);
			const [oldest] = kept.keys();
			if (kept.size > max && oldest !== undefined) kept.delete(oldest);
			return value;
		},
		known: (name) => kept.get(name) ?? null,
		all: () => [...kept.values()],
	};
}

const reasons = ["look", "online", "pageshow", "visibilitychange"] as const;

/** Resolves when one of these says that the server may be worth another look, or when aborted. */
export function nudged(targets: readonly EventTarget[], signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const over = new AbortController();
		const done = () => {
			over.abort();
			resolve();
		};
		const options = { signal: over.signal };
		signal.addEventListener("abort", done, options);
		for (const target of targets) for (const reason of reasons) target.addEventListener(reason, done, options);
	});
}

/**
 * The median time of each task in milliseconds. They take turns (A B A B ...), so that whatever else the machine does
 * meets them alike.
 */
export async function medianTimes(tasks: readonly (() => Promise<void>)[], turns: number): Promise<readonly number[]> {
	const times = tasks.map((): number[] => []);
	for (let turn = 0; turn < turns; turn++)
		for (const [at, task] of tasks.entries()) times[at]?.push(await timeOf(task));
	return times.map(medianOf);
}

async function timeOf(task: () => Promise<void>): Promise<number> {
	const startMs = performance.now();
	await task();
	return performance.now() - startMs;
}

function medianOf(times: readonly number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/**
 * The median time of each task in milliseconds. They take turns (A B A B ...), so that whatever else the machine does
 * meets them alike.
 */
export async function medianTimes(tasks: readonly (() => Promise<void>)[], turns: number): Promise<readonly number[]> {
	const times = tasks.map((): number[] => []);
	for (let turn = 0; turn < turns; turn++)
		for (const [at, task] of tasks.entries()) times[at]?.push(await timeOf(task, () => performance.now()));
	return times.map(medianOf);
}

/** What the first task costs over the second, by a clock too coarse for a single run: both in turns, each added up. */
export async function ratioOf(
	[one, other]: readonly [() => Promise<void>, () => Promise<void>],
	{ warmUp, measured, clock }: { warmUp: number; measured: number; clock: () => number },
): Promise<number> {
	for (let turn = 0; turn < warmUp; turn++) {
		await one();
		await other();
	}
	let [oneMs, otherMs] = [0, 0];
	for (let turn = 0; turn < measured; turn++) {
		oneMs += await timeOf(one, clock);
		otherMs += await timeOf(other, clock);
	}
	return oneMs / otherMs;
}

async function timeOf(task: () => Promise<void>, clock: () => number): Promise<number> {
	const startMs = clock();
	await task();
	return clock() - startMs;
}

function medianOf(times: readonly number[]): number {
	const sorted = times.toSorted((one, other) => one - other);
	const middle = (sorted.length - 1) / 2;
	return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

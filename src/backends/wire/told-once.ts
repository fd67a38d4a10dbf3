/** Whether something has not been told yet; it counts as told from then on. Beyond `max` things nothing is new. */
export function toldOnce(max: number): (what: string) => boolean {
	const told = new Set<string>();
	return (what) => {
		if (told.has(what) || told.size >= max) return false;
		told.add(what);
		return true;
	};
}

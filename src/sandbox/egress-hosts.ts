/** The hosts of origins, for places that let hosts through on the ports of the web alone; null where an origin has another. */
export function egressHosts(origins: readonly string[]): readonly string[] | null {
	const urls = origins.map((origin) => new URL(origin));
	return urls.some(({ port }) => port !== "") ? null : urls.map(({ hostname }) => hostname);
}

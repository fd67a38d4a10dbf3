const allowed: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Where a link of a model may lead; null: nowhere. */
export function safeLink(href: string): URL | null {
	const url = URL.parse(href);
	return url !== null && allowed.has(url.protocol) ? url : null;
}

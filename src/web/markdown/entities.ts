const named: Readonly<Record<string, string>> = {
	amp: "&",
	lt: "<",
	gt: ">",
	quot: '"',
	apos: "'",
	nbsp: "\u00a0",
	copy: "©",
	reg: "®",
	trade: "™",
	hellip: "…",
	ndash: "–",
	mdash: "—",
	times: "×",
	divide: "÷",
	plusmn: "±",
	deg: "°",
	euro: "€",
	rarr: "→",
	larr: "←",
	ne: "≠",
	le: "≤",
	ge: "≥",
	infin: "∞",
	pi: "π",
};

/** Text with its character references resolved, as far as people write them; the parser leaves them as they are. */
export function withoutEntities(text: string): string {
	if (!text.includes("&")) return text;
	return text.replaceAll(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,8}));/g, (whole, decimal, hex, name) => {
		if (typeof name === "string") return named[name] ?? whole;
		return character(typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16));
	});
}

function character(code: number): string {
	const isText = code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
	return isText ? String.fromCodePoint(code) : "\ufffd";
}

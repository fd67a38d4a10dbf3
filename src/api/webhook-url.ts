/**
 * Why nothing may be sent to this address; null where it may. A server on this machine may also send to this machine, in
 * plain text; one that others can reach may send to nothing that only itself can.
 */
export function urlFault(text: string, { local }: { readonly local: boolean }): string | null {
	if (!URL.canParse(text)) return "must be a URL";
	const url = new URL(text);
	const host = hostOf(url);
	if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
	if (!local && isPrivate(host)) return "must be an address that everybody can reach";
	const plain = local && isLoopback(host);
	if (url.protocol !== "https:" && !(plain && url.protocol === "http:"))
		return plain ? "must start with https:// or http://" : "must start with https://";
	return null;
}

/** Whether this host is the machine itself. */
export function isLoopback(host: string): boolean {
	return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);
}

/** As the parser writes it: lower case, numbers of IPv4 in decimal, IPv6 in its shortest form; without the root's dot. */
export function hostOf({ hostname }: URL): string {
	return hostname.replace(/\.+$/, "");
}

function isPrivate(host: string): boolean {
	if (isLoopback(host)) return true;
	if (host.startsWith("[")) return !isGlobalIpv6(host);
	const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
	if (numbers !== undefined) return privateIpv4.some((matches) => matches(numbers[0] ?? 0, numbers[1] ?? 0));
	return !host.includes(".") || /\.(local|internal|lan|home|intranet|home\.arpa|onion)$/.test(host);
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry */
const privateIpv4: readonly ((first: number, second: number) => boolean)[] = [
	(first) => first === 0 || first === 10 || first === 127,
	(first) => first >= 224,
	(first, second) => first === 100 && second >= 64 && second < 128,
	(first, second) => first === 169 && second === 254,
	(first, second) => first === 172 && second >= 16 && second < 32,
	(first, second) => first === 192 && (second === 168 || second === 0),
	(first, second) => first === 198 && (second === 18 || second === 19),
];

/** 2000::/3 is all that is global; 2002::/16 (6to4) and 2001::/32 (Teredo) carry an IPv4 address of whatever kind. */
function isGlobalIpv6(host: string): boolean {
	return /^\[[23][0-9a-f]{3}:/.test(host) && !/^\[(2002:|2001:(0:|:))/.test(host);
}

import { BlockList, isIP } from "node:net";

/** Addresses that belong to no one public: this machine, its networks, what a cloud tells its machines. */
const ours = new BlockList();
/** IANA's special-purpose registries, RFC 6890 and what followed it. */
const ipv4: readonly (readonly [network: string, bits: number])[] = [
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["127.0.0.0", 8],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.0.0.0", 24],
	["192.0.2.0", 24],
	["192.88.99.0", 24],
	["192.168.0.0", 16],
	["198.18.0.0", 15],
	["198.51.100.0", 24],
	["203.0.113.0", 24],
	["224.0.0.0", 3],
];
for (const [network, bits] of ipv4) ours.addSubnet(network, bits, "ipv4");
/** Of IPv6 only what is handed out to the public, 2000::/3, without the ways to hide an IPv4 address or a test in it. */
const hidden: readonly (readonly [network: string, bits: number])[] = [
	["2001::", 23],
	["2001:db8::", 32],
	["2002::", 16],
	["3fff::", 20],
];
for (const [network, bits] of hidden) ours.addSubnet(network, bits, "ipv6");
const handedOut = new BlockList();
handedOut.addSubnet("2000::", 3, "ipv6");

/** Whether an address is somewhere out in the public network. */
export function isPublic(address: string): boolean {
	const family = isIP(address);
	if (family === 4) return !ours.check(address, "ipv4");
	return family === 6 && handedOut.check(address, "ipv6") && !ours.check(address, "ipv6");
}

import { chownSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Egress } from "../sandbox.ts";
import { isPublic } from "./addresses.ts";
import type { Defences } from "./defences.ts";

/** How the runner reaches the world: as arguments, so that tests have a world of their own. */
export type World = {
	readonly lookup: (host: string) => Promise<readonly string[]>;
	readonly dial: (address: string, port: number) => Socket;
};

export type EgressRules = {
	/** What this sandbox may reach. */
	readonly allowed: Egress;
	/** Origins that whoever runs the host has named: only these may be in a private network. */
	readonly named: Egress;
	readonly bytesMax: number;
	readonly defences: Defences;
	readonly world: World;
};

export type EgressSocket = { readonly close: () => Promise<void> };

const connectionsMax = 64;
const headersTimeoutMs = 10_000;
const idleTimeoutMs = 120_000;
const statuses = { 400: "Bad Request", 403: "Forbidden", 429: "Too Many Requests", 502: "Bad Gateway" } as const;
type Refusal = { readonly status: keyof typeof statuses; readonly reason: string };
type Target = { readonly address: string; readonly port: number };

/** The only way out of a sandbox: a proxy on a Unix socket that knows one list. */
export async function openEgress(path: string, uid: number | null, rules: EgressRules): Promise<EgressSocket> {
	const meter = { bytes: 0 };
	const server = createServer({ headersTimeout: headersTimeoutMs }, (request, response) => {
		forward(request, response, { rules, meter }).catch(() => response.destroy());
	});
	server.maxConnections = connectionsMax;
	server.on("connect", (request, inner: Duplex, first: Buffer) => {
		inner.on("error", () => inner.destroy());
		tunnel(request, inner, { rules, meter, first }).catch(() => inner.destroy());
	});
	// What a runner that was killed has left.
	rmSync(path, { force: true });
	server.listen(path);
	await once(server, "listening");
	if (uid !== null) chownSync(path, uid, uid);
	return {
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

type Metered = { readonly rules: EgressRules; readonly meter: { bytes: number } };

async function tunnel(request: IncomingMessage, inner: Duplex, { rules, meter, first }: Metered & { first: Buffer }) {
	const target = await targetOf(`https://${request.url ?? ""}`, { rules, meter });
	if ("status" in target) return void inner.end(refusal(target));
	const outer = rules.world.dial(target.address, target.port);
	bind(inner, outer, { rules, meter });
	outer.once("connect", () => {
		inner.write("HTTP/1.1 200 Connection Established\r\n\r\n");
		outer.write(first);
		inner.pipe(outer);
		outer.pipe(inner);
	});
}

/** One end takes the other along, and both count. */
function bind(inner: Duplex, outer: Socket, { rules, meter }: Metered): void {
	const drop = () => {
		inner.destroy();
		outer.destroy();
	};
	const count = (bytes: Buffer) => {
		meter.bytes += bytes.length;
		if (meter.bytes > rules.bytesMax) drop();
	};
	for (const end of [inner, outer]) end.on("data", count).once("error", drop).once("close", drop).pause();
	outer.setTimeout(idleTimeoutMs, drop);
}

/** Plain HTTP: only to origins that the list has as `http:`, which is where a gateway on this machine stands. */
async function forward(request: IncomingMessage, response: ServerResponse, { rules, meter }: Metered): Promise<void> {
	const refuse = ({ status, reason }: Refusal) => void response.writeHead(status).end(`${reason}\n`);
	const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : null;
	if (url === null || url.protocol !== "http:") return refuse({ status: 400, reason: "not a proxy request" });
	const target = await targetOf(url.origin, { rules, meter });
	if ("status" in target) return refuse(target);
	const headers = Object.entries(request.headers).filter(([name]) => !hopByHop.has(name));
	const onward = httpRequest({
		createConnection: () => rules.world.dial(target.address, target.port),
		method: request.method ?? "GET",
		path: `${url.pathname}${url.search}`,
		headers: { ...Object.fromEntries(headers), host: url.host },
		timeout: idleTimeoutMs,
	});
	const count = (bytes: Buffer) => {
		meter.bytes += bytes.length;
		if (meter.bytes > rules.bytesMax) onward.destroy();
	};
	onward.once("timeout", () => onward.destroy());
	onward.once("error", () => (response.headersSent ? response.destroy() : refuse(unreachable)));
	response.once("close", () => onward.destroy());
	onward.once("response", (answer) => {
		const back = Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name));
		response.writeHead(answer.statusCode ?? unreachable.status, Object.fromEntries(back) as Record<string, string>);
		answer.on("data", count).pipe(response);
		answer.once("error", () => response.destroy());
	});
	request.on("data", count).pipe(onward);
}

/** RFC 9110, 7.6.1. */
const hopByHop = new Set([
	"connection",
	"keep-alive",
	"proxy-authenticate",
	"proxy-authorization",
	"proxy-connection",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
	"host",
]);
const unreachable: Refusal = { status: 502, reason: "the origin cannot be reached" };

/** The address to dial, which is the one that was checked: a name is looked up once. */
async function targetOf(text: string, { rules, meter }: Metered): Promise<Target | Refusal> {
	if (!URL.canParse(text)) return { status: 400, reason: "not an origin" };
	const url = new URL(text);
	const { origin, protocol, hostname } = url;
	if (meter.bytes > rules.bytesMax) return { status: 429, reason: "this sandbox has used up what it may transfer" };
	if (rules.defences.has("egress_list") && !covers(rules.allowed, url))
		return { status: 403, reason: `${origin} is not on this sandbox's list` };
	const host = hostname.replace(/^\[|\]$/g, "");
	const addresses = await rules.world.lookup(host).catch(() => []);
	const anywhere = !rules.defences.has("egress_addresses") || (rules.named !== "all" && rules.named.includes(origin));
	const address = addresses.find((candidate) => anywhere || isPublic(candidate));
	if (address === undefined)
		return addresses.length === 0 ? unreachable : { status: 403, reason: `${host} is not a public address` };
	return { address, port: Number(url.port) || (protocol === "https:" ? 443 : 80) };
}

/** Wherever it likes still means the ports of the web: a proxy for mail is another thing. */
function covers(allowed: Egress, url: URL): boolean {
	return allowed === "all" ? url.port === "" : allowed.includes(url.origin);
}

function refusal({ status, reason }: Refusal): string {
	const body = `${reason}\n`;
	return `HTTP/1.1 ${status} ${statuses[status]}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}

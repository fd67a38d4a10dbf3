import { createHash, timingSafeEqual } from "node:crypto";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { failing, succeeded, type Outcome } from "../sandbox.ts";
import type { Host } from "./confine.ts";
import type { Defences } from "./defences.ts";
import type { World } from "./egress.ts";
import { findGroups } from "./groups.ts";
import { problemOf, respond } from "./respond.ts";
import { answer, publicPaths, type Open } from "./routes.ts";
import { openSandboxes } from "./sandboxes.ts";
import type { RunnerSettings } from "./settings.ts";
import { holdState } from "./store.ts";

export type Runner = { readonly url: string; readonly close: () => Promise<void> };

export type RunnerOptions = {
	readonly settings: RunnerSettings;
	readonly host: Host;
	readonly defences: Defences;
	readonly world: World;
	/** How long a request may take to arrive. */
	readonly requestTimeoutMs: number;
	readonly cgroupRoot: string;
};

/** The network as it is. */
export const realWorld: World = {
	lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
	dial: (address, port) => connect({ host: address, port }),
};

const headersTimeoutMs = 10_000;
const headerBytesMax = 16_384;
const connectionsMax = 256;
const checkEveryMs = 250;

/** Serves the protocol on what the state directory holds. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
	const { settings, host, defences, world, requestTimeoutMs } = options;
	const release = holdState(settings.stateDir);
	if (release === null) throw new Error(`Another runner works on the state in ${settings.stateDir}.`);
	// By its state: who comes after a crash finds the groups again, and two runners with two states share none.
	const name = createHash("sha256").update(settings.stateDir).digest("hex").slice(0, 16);
	const groups = findGroups(options.cgroupRoot, `massgen-sandboxes-${name}`, defences);
	const ground = { settings, host, groups, world, defences, now: () => Date.now() };
	const open = { sandboxes: await openSandboxes(ground), ground };
	const patient = defences.has("slow_body_limit");
	const server = createServer(
		{
			headersTimeout: patient ? Math.min(headersTimeoutMs, requestTimeoutMs) : 0,
			requestTimeout: patient ? requestTimeoutMs : 0,
			connectionsCheckingInterval: checkEveryMs,
			maxHeaderSize: headerBytesMax,
			insecureHTTPParser: !defences.has("strict_http"),
		},
		(request, response) => void serve(request, response, open),
	);
	server.maxConnections = connectionsMax;
	server.listen(settings.port, settings.host);
	await once(server, "listening");
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : settings.port;
	return {
		url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await open.sandboxes.close();
			await groups.remove();
			release();
		},
	};
}

async function serve(request: IncomingMessage, response: ServerResponse, open: Open): Promise<void> {
	const { settings, defences } = open.ground;
	const { pathname, searchParams: query } = addressOf(request);
	const allowed = !defences.has("token") || publicPaths.includes(pathname) || mayAsk(request, settings.token);
	if (!allowed) return respond(response, problemOf(unauthorized), "closing");
	const asked = {
		method: request.method ?? "",
		pathname,
		query,
		body: (bytesMax: number) => bodyOf(request, defences.has("body_limit") ? bytesMax : Number.MAX_SAFE_INTEGER),
	};
	try {
		const answered = await answer(asked, open);
		respond(response, answered, request.complete ? "open" : "closing");
	} catch (error) {
		// The disk, mostly. What was asked may be asked again: no command runs before its record is written.
		console.error(error);
		respond(response, problemOf(broken), "closing");
	}
}

/** What is no address is one where there is nothing. */
function addressOf({ url = "" }: IncomingMessage): URL {
	const base = "http://runner/";
	return URL.canParse(url, base) ? new URL(url, base) : new URL(base);
}

const unauthorized = { code: "unauthorized", message: "The token is missing or not the runner's." } as const;
const broken = {
	code: "unavailable",
	retryAfterMs: null,
	message: "The runner could not do this; its own log says why.",
} as const;

/**
 * Without a token, which is on loopback alone, a page in a browser on this machine must not get in by a name that it has
 * pointed here.
 */
function mayAsk({ headers }: IncomingMessage, token: string): boolean {
	if (token === "") return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(headers.host ?? "");
	const given = /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
	return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

/** All of it or a failure; what is too long is not read to its end. */
async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Outcome<Uint8Array>> {
	const tooLarge = failing({ code: "too_large", bytesMax, message: `A body here has at most ${bytesMax} bytes.` });
	if (Number(request.headers["content-length"] ?? 0) > bytesMax) return tooLarge;
	const pieces: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const piece of request as AsyncIterable<Buffer>) {
			bytes += piece.length;
			if (bytes > bytesMax) return tooLarge;
			pieces.push(piece);
		}
	} catch {
		return failing({ code: "aborted", message: "The body did not come to its end." });
	}
	return succeeded(Buffer.concat(pieces));
}

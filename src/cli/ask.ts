import { rmSync, statSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { ApiError, makeClient, type Client } from "../api/client.ts";
import type { Session } from "../api/contract.ts";
import { cacheLine } from "./cache-line.ts";
import type { Server } from "./server.ts";
import { findLocalServers, offerOf } from "./local-servers.ts";
import { oneLine } from "./one-line.ts";
import { receiptLine } from "./receipt-line.ts";
import { progressLines } from "./progress.ts";
import { faultIn, readSettings } from "./settings.ts";

/** `npm run --silent ask -- "question"`: one session. Progress on stderr, the final answer alone on stdout. */
const exitCodes = { consensus: 0, answered: 2, failed: 3, usage: 64 } as const;
const usage = `usage: npm run --silent ask -- "question" [--team NAME|FILE|@examples/NAME] [--attach FILE]... [--json]\n`;
const root = process.cwd();

// What nobody waits for may fail as well: a pipe that was closed, the runtime of an own server.
process.once("uncaughtException", (error) => process.exit(toldWhy(error)));
process.exitCode = await main(process.argv.slice(2));

type Asked = {
	readonly question: string;
	readonly json: boolean;
	readonly team: string | undefined;
	readonly attach: readonly string[];
};
/** What the server is asked: a team that a file holds is checked by it. */
type Body = {
	readonly question: string;
	readonly team?: string | object;
	readonly attachments?: Parameters<Client["createSession"]>[0]["attachments"];
};

async function main(argv: readonly string[]): Promise<number> {
	const asked = askedIn(argv);
	if (asked === null) return told(usage, exitCodes.usage);
	const named = serverNamedIn(process.env);
	if (named instanceof Error) return told(`${named.message}\n`, exitCodes.usage);
	const body = await bodyOf(asked);
	if (body instanceof Error) return told(`${body.message}\n`, exitCodes.usage);
	try {
		const server = named ?? (await ownServer());
		if (server instanceof Error) return told(`${server.message}\n`, exitCodes.usage);
		return await answeredBy(server, body, asked.json);
	} catch (error) {
		return error instanceof ApiError && isRefused(error) ? told(fieldsOf(error), exitCodes.usage) : toldWhy(error);
	}
}

function askedIn(argv: readonly string[]): Asked | null {
	try {
		const { values, positionals } = parseArgs({
			args: [...argv],
			allowPositionals: true,
			options: {
				json: { type: "boolean", default: false },
				team: { type: "string" },
				attach: { type: "string", multiple: true, default: [] },
			},
		});
		const [question, ...more] = positionals;
		return question === undefined || question.trim() === "" || more.length > 0
			? null
			: { question, json: values.json, team: values.team, attach: values.attach };
	} catch {
		// parseArgs throws for what is no flag of ours: bad usage.
		return null;
	}
}

async function bodyOf({ question, team: named, attach }: Asked): Promise<Body | Error> {
	const team = named === undefined ? undefined : await teamFrom(named);
	if (team instanceof Error) return team;
	const asking = team === undefined ? { question } : { question, team };
	if (attach.length === 0) return asking;
	const { attachmentsFrom } = await import("./attach.ts");
	const attachments = await attachmentsFrom(attach);
	return attachments instanceof Error ? attachments : { ...asking, attachments: [...attachments] };
}

/** A stored or built-in team's name, or an inline team from a YAML or JSON file. */
async function teamFrom(named: string): Promise<string | object | Error> {
	const example = /^@examples\/([a-z0-9_-]+)$/.exec(named)?.[1];
	if (example === undefined && !isFile(named)) return named;
	const path = example === undefined ? named : join(root, "test", "examples", `${example}.yaml`);
	try {
		const parsed: unknown = parse(await readFile(path, "utf8"));
		// What contains itself, which YAML can say, could not be sent.
		JSON.stringify(parsed);
		return typeof parsed === "object" && parsed !== null
			? parsed
			: new Error(`--team: ${path} does not hold a team.`);
	} catch (error) {
		return new Error(`--team: ${path} cannot be read: ${oneLine(error)}`);
	}
}

/** A name that looks like a file's is meant as one even if it is not there. */
function isFile(named: string): boolean {
	const looksSo = /\.(ya?ml|json)$/.test(named) || named.includes("/");
	return looksSo || statSync(named, { throwIfNoEntry: false })?.isFile() === true;
}

/** The server that the environment names; null where it names none. */
function serverNamedIn({ MASSGEN_URL: url = "", MASSGEN_KEY: key = "" }: NodeJS.ProcessEnv): Server | Error | null {
	if (url === "" && key === "") return null;
	if (key === "") return new Error("MASSGEN_URL is set, but MASSGEN_KEY is not.");
	if (url === "") return new Error("MASSGEN_KEY is set, but MASSGEN_URL is not.");
	return { url, key, close: async () => {} };
}

/** A server of our own that lives as long as the question. */
async function ownServer(): Promise<Server | Error> {
	// The runtime takes half a second to load, and a server that is there already needs none.
	const { startServer } = await import("./server.ts");
	const settings = readSettings(root, process.env);
	const fault = faultIn(settings);
	if (fault !== null) return new Error(fault);
	const local = await findLocalServers(settings);
	const offer = offerOf(local);
	if (offer !== null) process.stderr.write(`${offer}\n`);
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-ask-"));
	process.once("exit", () => rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 }));
	return startServer({ root, stateDir, port: 0, settings, local });
}

async function answeredBy(server: Server, body: Body, json: boolean): Promise<number> {
	const unreachable = (cause: unknown) => {
		throw new Error(`${server.url} cannot be reached`, { cause });
	};
	const client = makeClient({
		baseUrl: server.url,
		key: server.key,
		fetch: (request) => fetch(request).catch(unreachable),
	});
	try {
		return await answered(client, body, json);
	} finally {
		await server.close();
	}
}

async function answered(client: Client, body: Body, json: boolean): Promise<number> {
	// The server checks an inline team and names what is wrong with it.
	const unchecked = body as Parameters<Client["createSession"]>[0];
	const { id, events } = await client.followNew(unchecked);
	const stop = () => void client.steer(id, { action: "cancel" }).catch(toldWhy);
	process.once("SIGINT", stop);
	for await (const event of events) for (const line of progressLines(event)) process.stderr.write(`${line}\n`);
	process.removeListener("SIGINT", stop);
	// A server of an older release has no receipts.
	const receipt = await client.receipt(id, { limit: 1 }).catch(() => null);
	if (receipt !== null) process.stderr.write(`${receiptLine(receipt)}\n`);
	return shown(await client.session(id), json);
}

function shown(session: Session, json: boolean): number {
	const turn = session.turns.at(-1);
	const { id, status, usage: tokens, cache, cost_usd } = session;
	const cached = cacheLine(cache);
	if (cached !== null) process.stderr.write(`${cached}\n`);
	if (json) process.stdout.write(`${JSON.stringify({ id, ...turn, status, usage: tokens, cache, cost_usd })}\n`);
	else if (typeof turn?.answer === "string") process.stdout.write(`${turn.answer}\n`);
	if (status !== "done") return exitCodes.failed;
	return turn?.consensus === true ? exitCodes.consensus : exitCodes.answered;
}

/** The question or the team was at fault, not the server. */
function isRefused({ problem: { status } }: ApiError): boolean {
	return status === 400 || status === 413;
}

function fieldsOf({ problem }: ApiError): string {
	const errors = (problem.errors ?? []).map(({ path, message }) => `  ${path}: ${message}\n`);
	return `${problem.detail}\n${errors.join("")}`;
}

function toldWhy(error: unknown): number {
	return told(`${oneLine(error)}\n`, exitCodes.failed);
}

function told(text: string, code: number): number {
	process.stderr.write(text);
	return code;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { makeClient, type Client } from "../../src/api/client.ts";
import type { TeamInput } from "../../src/api/team-schema.ts";
import { startServer } from "../../src/cli/server.ts";
import type { LoggedEvent } from "../../src/consensus/events.ts";
import type { z } from "zod";
import { startFakeProviders, type FakeProviders, type RecordedRequest } from "./fake-providers.ts";
import type { Brain } from "./fake-script.ts";

export type Team = z.input<typeof TeamInput>;
/** The brain of each agent, by its id. */
export type Cast = Readonly<Record<string, Brain>>;

/** Fakes of the providers in which every model is an agent of some test's team. */
export type Stage = {
	readonly fake: FakeProviders;
	/** An inline team of this cast; `changes` are the rest of the team. */
	readonly team: (cast: Cast, changes?: Omit<Team, "agents">) => Team;
	/** Makes this brain the model of that name. */
	readonly plays: (model: string, brain: Brain) => void;
	/** What a team's agent has been asked, oldest first. */
	readonly requestsOf: (team: Team, agent: string) => readonly RecordedRequest[];
};

export type TestServer = Stage & {
	readonly url: string;
	readonly key: string;
	readonly client: Client;
	readonly close: () => Promise<void>;
};

const backends = ["anthropic", "openai", "gemini"] as const;

/** A loopback server that is Anthropic, OpenAI and Gemini; the agents of a team take turns between them. */
export async function openStage(): Promise<Stage & { readonly close: () => Promise<void> }> {
	const brains = new Map<string, Brain>();
	const unknown: Brain = () => [{ status: 404, message: "no such model" }];
	const fake = await startFakeProviders({ brain: (request) => (brains.get(request.model) ?? unknown)(request) });
	let teams = 0;
	const team = (cast: Cast, changes: Omit<Team, "agents"> = {}): Team => {
		teams += 1;
		const agents = Object.entries(cast).map(([id, brain], seat) => {
			const model = `team-${teams}-${id}`;
			brains.set(model, brain);
			return { id, backend: backends[seat % backends.length] ?? "openai", model };
		});
		return { limits: { retries: 1 }, ...changes, agents };
	};
	const requestsOf = (asked: Team, agent: string) => {
		const model = asked.agents.find(({ id }) => id === agent)?.model;
		return fake.requests.filter(({ body, path }) => body["model"] === model || path.includes(`/${model}:`));
	};
	return { fake, team, requestsOf, plays: (model, brain) => void brains.set(model, brain), close: fake.close };
}

/** The built Worker on the real runtime, with an empty state of its own and the stage as its providers. */
export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
	const stage = await openStage();
	const stateDir = await mkdtemp(join(tmpdir(), "massgen-state-"));
	const given = { ...stage.fake.settings, ...settings };
	const server = await startServer({ root: inject("checkout"), stateDir, port: 0, settings: given, local: [] });
	const close = async () => {
		await server.close();
		await stage.close();
		await rm(stateDir, { recursive: true, force: true });
	};
	return { ...stage, url: server.url, key: server.key, client: clientOf(server), close };
}

/** A client without patience: a lost connection shows at once. */
export function clientOf({ url, key }: { readonly url: string; readonly key: string }): Client {
	return makeClient({ baseUrl: url, key, fetch: (request) => fetch(request) });
}

/** Everything up to the end of the stream; `seen` is told of each event as it comes. */
export async function eventsOf(
	{ client }: { readonly client: Client },
	id: string,
	seen: (event: LoggedEvent, before: readonly LoggedEvent[]) => void = () => {},
): Promise<LoggedEvent[]> {
	const events: LoggedEvent[] = [];
	for await (const event of client.events(id, { signal: AbortSignal.timeout(25_000) })) {
		seen(event, events);
		events.push(event);
	}
	return events;
}

/** Asks this cast and follows the session to its end. */
export async function played(
	server: TestServer,
	team: Team,
	question = "Which city shall we go to?",
): Promise<{ readonly id: string; readonly events: readonly LoggedEvent[] }> {
	const { id } = await server.client.createSession({ question, team });
	return { id, events: await eventsOf(server, id) };
}

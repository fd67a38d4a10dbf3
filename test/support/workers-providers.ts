import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { startFakeProviders } from "./fake-providers.ts";
import type { Brain, Step } from "./fake-script.ts";
import { newAnswer } from "./members.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Where the fake providers listen, for the settings of a Worker under test. */
		readonly providers: Readonly<Record<string, string>>;
		/** What a test tells and asks them: `/release?MODEL`, `/forget`, `/paid?MODEL`, `/followed`. */
		readonly control: string;
	}
}

type Played = { requests: number; readonly released: PromiseWithResolvers<void> };

/** Fake providers for tests inside the Workers runtime, which cannot start a server. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
	const models = new Map<string, Played>();
	const played = (model: string): Played => {
		const known = models.get(model) ?? { requests: 0, released: Promise.withResolvers<void>() };
		models.set(model, known);
		return known;
	};
	const brain: Brain = ({ model }) => {
		const play = played(model);
		play.requests += 1;
		const script = scripts[model.split(".")[0] ?? ""];
		return play.requests === 1 && script !== undefined ? script(play.released.promise) : [newAnswer("42")];
	};
	const fake = await startFakeProviders({ brain });
	const control = createServer(({ url = "" }, response) => {
		const { pathname, search } = new URL(url, "http://control");
		const play = played(search.slice(1));
		if (pathname === "/release") play.released.resolve();
		if (pathname === "/forget") fake.forget();
		answer(response, pathname === "/followed" ? fake.followUps : play.requests);
	});
	await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
	const { port } = control.address() as AddressInfo;
	provide("providers", fake.settings);
	provide("control", `http://127.0.0.1:${port}`);
	return async () => {
		control.closeAllConnections();
		control.close();
		await fake.close();
	};
}

function answer(response: ServerResponse, body: unknown): void {
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const words = "Six times seven: six sevens are added up, one after the other. ";

/** How far the first answer of a model comes before it is released, by the first word of its name. */
const scripts: Readonly<Record<string, (released: Promise<void>) => readonly Step[]>> = {
	silent: () => [{ hang: true }],
	named: (waitFor) => [{ waitFor }, { text: words, chunks: 4 }, newAnswer("42")],
	speaking: (waitFor) => [{ text: words, chunks: 4 }, { waitFor }, { text: "So. ", chunks: 1 }, newAnswer("42")],
	spoken: (waitFor) => [{ text: words, chunks: 4 }, { waitFor }, newAnswer("42")],
	decided: (waitFor) => [{ text: words, chunks: 4 }, newAnswer("42"), { text: "Done.", chunks: 1 }, { waitFor }],
};

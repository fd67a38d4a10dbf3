import type { IncomingMessage, ServerResponse } from "node:http";
import { fakeMachines, say, serveFake, type FakeMachine } from "./fake-machines.ts";

const apiKey = "dtn_key";

/** Daytona as its API has it: sandboxes with unique names, and the toolbox inside them. */
export async function startFakeDaytona() {
	const machines = fakeMachines();
	const asked: object[] = [];
	const served = await serveFake(async (request, body, response) => {
		if (request.headers.authorization !== `Bearer ${apiKey}`)
			return say(response, 401, { message: "Unauthorized" });
		const [, id = ""] = /^\/toolbox\/(\w+)\/process\/execute$/.exec(request.url ?? "") ?? [];
		if (id === "") return platform(request, body, response);
		const inside = machines.all.get(id);
		if (inside === undefined) return say(response, 404, { message: "Sandbox not found" });
		const { command } = JSON.parse(body.toString()) as { command: string };
		const { code, stdout } = await machines.exec(inside, splitAsTheDaemonDoes(command));
		say(response, 200, { exitCode: code, result: stdout.toString() });
	});
	const named = (name: string) =>
		[...machines.all.values()].find(({ id, labels }) => name === id || labels["name"] === name);
	const described = ({ id, labels }: FakeMachine) => {
		return { id, name: labels["name"], state: "started", labels, toolboxProxyUrl: `${served.url}/toolbox` };
	};
	const platform = ({ method, url }: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const machine = named(/^\/sandbox\/([\w-]+)$/.exec(url ?? "")?.[1] ?? "");
		if (method === "POST" && url === "/sandbox") {
			const wanted = JSON.parse(body.toString()) as { name: string; labels: Record<string, string> };
			if (named(wanted.name) !== undefined) return say(response, 409, { message: "name is taken" });
			asked.push(wanted);
			return say(response, 200, described(machines.make({ ...wanted.labels, name: wanted.name })));
		}
		if (machine === undefined) return say(response, 404, { message: "Sandbox not found" });
		if (method === "DELETE") machines.remove(machine.id);
		say(response, 200, described(machine));
	};
	return {
		access: { apiKey, apiUrl: served.url, snapshot: null, fetch, timeoutMs: 10_000 },
		/** Bodies of the requests for new sandboxes. */
		asked,
		close: async () => {
			served.close();
			machines.close();
		},
	};
}

/** At blanks outside of quotes, without any other meaning. */
function splitAsTheDaemonDoes(command: string): string[] {
	return [...command.matchAll(/"([^"]*)"|'([^']*)'|[^ "']+/g)].map(
		([whole, double, single]) => double ?? single ?? whole,
	);
}

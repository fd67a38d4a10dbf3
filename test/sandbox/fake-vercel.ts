import type { IncomingMessage, ServerResponse } from "node:http";
import { fakeMachines, say, serveFake, type FakeMachine } from "./fake-machines.ts";

const token = "vercel_token";

/** Vercel's sandboxes as its REST API has them: names in a project, sessions, and commands with logs of their own. */
export async function startFakeVercel() {
	const machines = fakeMachines();
	const asked: object[] = [];
	const commands = new Map<string, { readonly ended: Promise<{ code: number; stdout: Buffer }> }>();
	const served = await serveFake(async (request, body, response) => {
		const url = new URL(request.url ?? "", "http://fake");
		if (request.headers.authorization !== `Bearer ${token}`) return say(response, 403, { error: {} });
		if (url.searchParams.get("teamId") !== "team_1") return say(response, 403, { error: {} });
		const [, session, rest = ""] = /^\/v2\/sandboxes\/sessions\/(\w+)\/cmd(.*)$/.exec(url.pathname) ?? [];
		if (session === undefined) return sandboxes(request, body, response);
		const machine = machines.all.get(session);
		return machine === undefined ? say(response, 410, { error: {} }) : cmd(machine, { rest, body, response });
	});
	const cmd = async (
		machine: FakeMachine,
		{ rest, body, response }: { rest: string; body: Buffer; response: ServerResponse },
	) => {
		if (rest === "") {
			const { command, args } = JSON.parse(body.toString()) as { command: string; args: string[] };
			const id = `cmd_${commands.size + 1}`;
			commands.set(id, { ended: machines.exec(machine, [command, ...args]) });
			return say(response, 200, { command: { id, exitCode: null } });
		}
		const [, id = "", logs] = rest.split("/");
		const ended = await commands.get(id)?.ended;
		if (ended === undefined) return say(response, 404, { error: {} });
		if (logs === undefined) return say(response, 200, { command: { id, exitCode: ended.code } });
		const text = ended.stdout.toString();
		const lines = [text.slice(0, 3), text.slice(3)].map((data) => JSON.stringify({ stream: "stdout", data }));
		const noise = JSON.stringify({ stream: "stderr", data: "noise" });
		response.writeHead(200, { "content-type": "application/x-ndjson" }).end([...lines, noise, ""].join("\n"));
	};
	const sandboxes = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const { pathname } = new URL(request.url ?? "", "http://fake");
		const named = [...machines.all.values()].find(({ labels }) => pathname === `/v2/sandboxes/${labels["name"]}`);
		if (request.method === "POST" && pathname === "/v2/sandboxes") {
			const wanted = JSON.parse(body.toString()) as { name: string };
			if ([...machines.all.values()].some(({ labels }) => labels["name"] === wanted.name))
				return say(response, 409, { error: {} });
			asked.push(wanted);
			return say(response, 200, described(machines.make({ name: wanted.name })));
		}
		if (named === undefined) return say(response, 404, { error: {} });
		if (request.method === "DELETE") machines.remove(named.id);
		say(response, 200, described(named));
	};
	const access = { token, apiUrl: served.url, teamId: "team_1", projectId: "prj_1", fetch, timeoutMs: 10_000 };
	return {
		access,
		/** Every session stops, as when its time is over: the name stays. */
		stopAll: () => {
			for (const { labels } of machines.all.values()) labels["status"] = "stopped";
		},
		/** Bodies of the requests for new sandboxes. */
		asked,
		close: async () => {
			served.close();
			machines.close();
		},
	};
}

function described({ id, labels }: FakeMachine) {
	return { sandbox: { name: labels["name"] }, session: { id, status: labels["status"] ?? "running" }, routes: [] };
}

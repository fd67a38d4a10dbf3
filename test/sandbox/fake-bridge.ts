import { fakeMachines, say, serveFake, type FakeMachine } from "./fake-machines.ts";

const apiKey = "bridge_key";

/** The bridge as its API reference has it: any id gets a container when it is first used. */
export async function startFakeBridge() {
	const machines = fakeMachines();
	const containers = new Map<string, FakeMachine>();
	const containerOf = (id: string) => {
		const container = containers.get(id) ?? machines.make({});
		containers.set(id, container);
		return container;
	};
	const forget = (id: string) => {
		machines.remove(containers.get(id)?.id ?? "none");
		containers.delete(id);
	};
	const served = await serveFake(async ({ method, url, headers }, body, response) => {
		const [, id = "", route = ""] = /^\/v1\/sandbox\/([a-z2-7]{1,128})(\/.*)?$/.exec(url ?? "") ?? [];
		if (headers.authorization !== `Bearer ${apiKey}`) return say(response, 401, { code: "unauthorized" });
		if (id === "") return say(response, 400, { code: "invalid_request" });
		if (method === "DELETE") {
			forget(id);
			return void response.writeHead(204).end();
		}
		if (method === "PUT" && route.startsWith("/file/workspace/")) {
			machines.write(containerOf(id), decodeURIComponent(route.slice("/file/workspace/".length)), body);
			return say(response, 200, { ok: true });
		}
		const { argv } = JSON.parse(body.toString()) as { argv: string[] };
		const { code, stdout } = await machines.exec(containerOf(id), argv);
		response.writeHead(200, { "content-type": "text/event-stream" });
		response.write(`event: stdout\ndata: ${stdout.toString("base64")}\n\n`);
		response.end(`event: exit\ndata: ${JSON.stringify({ exit_code: code })}\n\n`);
	});
	return {
		access: { url: served.url, apiKey, fetch, timeoutMs: 10_000 },
		/** All containers sleep, and wake without their files. */
		sleep: () => [...containers.keys()].forEach(forget),
		close: async () => {
			served.close();
			machines.close();
		},
	};
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { fakeMachines, fileIn, say, serveFake, type FakeMachine } from "./fake-machines.ts";

const apiKey = "e2b_key";

/** E2B as its API reference has it: the platform and the daemon of its sandboxes behind one address. */
export async function startFakeE2b() {
	const machines = fakeMachines();
	const asked: object[] = [];
	const served = await serveFake(async (request, body, response) => {
		const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
		if (pathname === "/process.Process/Start" || pathname === "/files") {
			const inside = machines.all.get(String(request.headers["e2b-sandbox-id"] ?? ""));
			const refused = refusalOf(request, inside);
			if (inside === undefined || refused !== 200) return say(response, refused, {});
			if (pathname === "/process.Process/Start") return run(inside, body, response);
			machines.write(inside, searchParams.get("path") ?? "", await fileIn(request, body));
			return say(response, 200, []);
		}
		if (request.headers["x-api-key"] !== apiKey) return say(response, 401, { code: 401, message: "no" });
		return platform(request, body, response);
	});
	const platform = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
		const id = /^\/sandboxes\/(\w+)/.exec(pathname)?.[1] ?? "";
		const machine = machines.all.get(id);
		switch (`${request.method} ${pathname.replace(id === "" ? "none" : id, "ID")}`) {
			case "GET /v2/sandboxes": {
				const [[key, value] = ["", ""]] = [...new URLSearchParams(searchParams.get("metadata") ?? "")];
				const found = [...machines.all.values()].filter(({ labels }) => labels[key] === value);
				return say(response, 200, found.map(described));
			}
			case "POST /sandboxes": {
				const wanted = JSON.parse(body.toString()) as { metadata: Record<string, string> };
				asked.push(wanted);
				const made = machines.make(wanted.metadata);
				return say(response, 201, { ...described(made), envdAccessToken: tokenOf(made) });
			}
			case "POST /sandboxes/ID/connect":
				if (machine === undefined) return say(response, 404, { code: 404, message: "gone" });
				return say(response, 200, { ...described(machine), envdAccessToken: tokenOf(machine) });
			case "DELETE /sandboxes/ID":
				return say(response, machines.remove(id) ? 204 : 404, {});
			default:
				return say(response, 404, { code: 404, message: "no such route" });
		}
	};
	const run = async (inside: FakeMachine, body: Buffer, response: ServerResponse) => {
		const { process: wanted } = messageIn(body) as { process: { cmd: string; args: string[] } };
		const { code, stdout } = await machines.exec(inside, [wanted.cmd, ...wanted.args]);
		response.writeHead(200, { "content-type": "application/connect+json" });
		response.write(enveloped(0, { event: { start: { pid: 1 } } }));
		response.write(enveloped(0, { event: { data: { stdout: stdout.toString("base64") } } }));
		response.write(enveloped(0, { event: { end: { exited: true, ...(code !== 0 && { exitCode: code }) } } }));
		response.end(enveloped(2, {}));
	};
	const access = { apiKey, apiUrl: served.url, sandboxUrl: served.url, template: "base", fetch, timeoutMs: 10_000 };
	return {
		access,
		machines,
		/** Bodies of the requests for new sandboxes. */
		asked,
		close: async () => {
			served.close();
			machines.close();
		},
	};
}

/** What the host in front of all sandboxes and the daemon inside say; 200 where they let it through. */
function refusalOf({ headers }: IncomingMessage, inside: FakeMachine | undefined): number {
	if (inside === undefined) return 502;
	if (headers["x-access-token"] !== tokenOf(inside)) return 401;
	return headers["e2b-sandbox-port"] === "49983" ? 200 : 400;
}

function described({ id, labels }: FakeMachine) {
	const startedAt = new Date(Number(id.slice(1)) * 1000).toISOString();
	return { sandboxID: id, templateID: "base", clientID: "c", startedAt, metadata: labels, state: "running" };
}

function tokenOf({ id }: FakeMachine): string {
	return `token-of-${id}`;
}

function messageIn(body: Buffer): unknown {
	return JSON.parse(body.subarray(5, 5 + body.readUInt32BE(1)).toString());
}

function enveloped(flags: number, message: object): Buffer {
	const json = Buffer.from(JSON.stringify(message));
	const prefix = Buffer.alloc(5);
	prefix.writeUInt8(flags);
	prefix.writeUInt32BE(json.length, 1);
	return Buffer.concat([prefix, json]);
}

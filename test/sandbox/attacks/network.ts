import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import type { Defence } from "../../../src/sandbox/runner/defences.ts";
import { limitsMax, shell, spec, type Rig, type RigOptions } from "../rig.ts";
import { newBox, runIn, type Attack } from "./attack.ts";

const secret = "canary of the network";

export const networkAttacks: readonly Attack[] = [
	{
		title: "a port of the host's loopback is reached",
		defences: ["network_namespace"],
		succeeds: async (rig) => {
			const { server, port } = await listener();
			const name = await newBox(rig);
			const { text } = await runIn(rig, name, tcp(port, "x"));
			server.close();
			return text.includes(secret);
		},
	},
	{
		title: "an abstract socket of the host is reached",
		defences: ["network_namespace"],
		options: egressOptions("93.184.215.14"),
		succeeds: async (rig) => {
			const path = `\0canary-${process.pid}`;
			const server = telling();
			server.listen(path);
			await once(server, "listening");
			// Node reserves more than others.
			const limits = { ...spec.limits, memoryBytesMax: limitsMax.memoryBytesMax };
			const name = await newBox(rig, { egress: ["http://listed.test"], limits });
			const program = `require("net").connect(${JSON.stringify(path)}).on("error",()=>{}).pipe(process.stdout)`;
			const { text } = await runIn(rig, name, { ...shell(""), argv: ["/run/massgen/node", "-e", program] });
			server.close();
			return text.includes(secret);
		},
	},
	proxied("an origin that is not on the list is reached", ["egress_list"], {
		request: "GET http://unlisted.test/ HTTP/1.1\r\nHost: unlisted.test\r\nConnection: close\r\n\r\n",
		address: "93.184.215.14",
	}),
	proxied("another port of a host that is on the list is reached", ["egress_list"], {
		request: "CONNECT listed.test:22 HTTP/1.1\r\nHost: listed.test:22\r\n\r\n",
		address: "93.184.215.14",
	}),
	proxied("a name on the list leads to the host itself", ["egress_addresses"], {
		request: "GET http://listed.test/ HTTP/1.1\r\nHost: listed.test\r\nConnection: close\r\n\r\n",
		address: "127.0.0.1",
	}),
	proxied("a name on the list leads to where a cloud keeps its machines' keys", ["egress_addresses"], {
		request: "GET http://listed.test/latest/meta-data/ HTTP/1.1\r\nHost: listed.test\r\nConnection: close\r\n\r\n",
		address: "169.254.169.254",
	}),
];

/** Through the proxy that the sandbox does have. Whatever is dialled there is a canary on loopback. */
function proxied(
	title: string,
	defences: readonly Defence[],
	{ request, address }: { readonly request: string; readonly address: string },
): Attack {
	return {
		title,
		defences,
		options: egressOptions(address),
		succeeds: async (rig: Rig) => {
			const name = await newBox(rig, { egress: ["http://listed.test"] });
			const { text } = await runIn(rig, name, tcp(8118, request));
			return text.includes(secret);
		},
	};
}

let dials = 0;

/** A world in which every name has this address, and every address is a canary of ours. */
function egressOptions(address: string): RigOptions {
	return {
		settings: { egress: "all" },
		world: {
			lookup: async () => [address],
			dial: () => {
				dials += 1;
				const path = `\0dialled-${process.pid}-${dials}`;
				const server = telling();
				server.listen(path);
				const socket = connect(path);
				socket.once("close", () => server.close());
				return socket;
			},
		},
	};
}

function telling(): Server {
	const answer = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${secret.length}\r\n\r\n${secret}`;
	return createServer((socket) => void socket.on("error", () => {}).end(answer));
}

async function listener(): Promise<{ server: Server; port: number }> {
	const server = telling();
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return { server, port: (server.address() as { port: number }).port };
}

function tcp(port: number, request: string) {
	const script = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf '%s' "$1" >&3 && timeout 2 cat <&3`;
	return { ...shell(""), argv: ["/bin/bash", "-c", script, "bash", request] };
}

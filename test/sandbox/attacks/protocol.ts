import { connect } from "node:net";
import { key, spec, token, type Rig } from "../rig.ts";
import { newBox, type Attack } from "./attack.ts";

const signal = new AbortController().signal;
const tooLong = JSON.stringify({ argv: ["x".repeat(600_000)] });

export const protocolAttacks: readonly Attack[] = [
	{
		title: "a body is longer than any request",
		defences: ["body_limit"],
		succeeds: async (rig) => (await putCommand(rig, tooLong)).status !== 413,
	},
	{
		title: "a body that does not say its length never ends",
		defences: ["body_limit"],
		succeeds: async (rig) => {
			const body = new ReadableStream<Uint8Array>({
				start: (to) => {
					for (let piece = 0; piece < 20; piece += 1)
						to.enqueue(new TextEncoder().encode("x".repeat(40_000)));
					to.close();
				},
			});
			return (await putCommand(rig, body)).status !== 413;
		},
	},
	{
		title: "a second request hides in the body of a first",
		defences: ["strict_http"],
		succeeds: async (rig) => {
			const hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
			const head = `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${5 + hidden.length}`;
			const answers = await spoken(rig, `${head}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`, 500);
			return answers.split('"ok":true').length === 3;
		},
	},
	{
		title: "a header has control characters in it",
		defences: ["strict_http"],
		succeeds: async (rig) =>
			(await spoken(rig, "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\u0001b\r\n\r\n", 300)).includes('"ok":true'),
	},
	{
		title: "a body comes so slowly that its connection stays for ever",
		defences: ["slow_body_limit"],
		options: { requestTimeoutMs: 400 },
		succeeds: async (rig) => {
			const { hostname, port } = new URL(rig.url);
			const socket = connect(Number(port), hostname);
			const path = `/v1/sandboxes/slow`;
			socket.write(
				`PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 99\r\n\r\n`,
			);
			const drip = setInterval(() => socket.write(" "), 100);
			const open = await new Promise<boolean>((resolve) => {
				socket.on("error", () => resolve(false)).on("close", () => resolve(false));
				setTimeout(() => resolve(true), 2000);
			});
			clearInterval(drip);
			socket.destroy();
			return open;
		},
	},
	{
		title: "sandboxes multiply",
		defences: ["sandboxes_limit"],
		options: { settings: { sandboxesMax: 2 } },
		succeeds: async (rig) => {
			await newBox(rig);
			await newBox(rig);
			return (await rig.sandbox.create(key("one-more"), spec, signal)).ok;
		},
	},
];

function putCommand({ url }: Rig, body: string | ReadableStream): Promise<Response> {
	return fetch(`${url}/v1/sandboxes/any/commands/c`, {
		method: "PUT",
		headers: { authorization: `Bearer ${token}` },
		body,
		...(typeof body !== "string" && { duplex: "half" }),
	});
}

/** What comes back within a time for what is said on a bare connection. */
function spoken({ url }: Rig, words: string, waitMs: number): Promise<string> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve) => {
		let heard = "";
		const socket = connect(Number(port), hostname);
		socket.on("data", (bytes) => void (heard += bytes.toString()));
		socket.on("error", () => resolve(heard)).on("close", () => resolve(heard));
		socket.write(words, "latin1");
		setTimeout(() => socket.destroy(), waitMs);
	});
}

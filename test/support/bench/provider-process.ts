import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { makeStreams } from "./streams.ts";

/** The fake provider as a process of its own: it must not share an event loop with what it measures. */
const requestCharsMax = 1_000_000;
const streamOf = makeStreams();

const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the server listens on no port");
	process.send?.(`http://127.0.0.1:${address.port}`);
});
process.once("disconnect", () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
	let body = "";
	for await (const piece of request) if (body.length <= requestCharsMax) body += piece;
	const stream = body.length > requestCharsMax ? null : streamOf(request.url ?? "", body);
	if (stream === null) return void response.writeHead(404).end();
	response.writeHead(200, { "content-type": "text/event-stream" });
	for (const event of stream) response.write(event);
	response.end();
}

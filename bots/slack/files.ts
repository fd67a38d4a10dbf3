import { WebAPIRequestError } from "@slack/web-api";
import type { BotDeps } from "../chat.ts";
import type { Tried } from "./faults.ts";
import { isSlackHost } from "./client.ts";
import type { Where } from "./post.ts";
import { inLane, laneOf, type Workspace } from "./workspace.ts";

/** A text as a file in a thread. */
export function uploaded(
	deps: BotDeps,
	workspace: Workspace,
	{ channel, thread, name, text }: Where & { readonly name: string; readonly text: string },
): Promise<Tried<void>> {
	const { client } = workspace;
	return inLane(workspace, laneOf("files"), async () => {
		const bytes = new TextEncoder().encode(text);
		const { upload_url: url = "", file_id: id = "" } = await client.files.getUploadURLExternal({
			filename: name,
			length: bytes.byteLength,
		});
		// The address is Slack's word for where its files go; no token is sent there.
		if (!isSlackHost(deps, url)) throw new Error("Slack named another host for a file");
		const sent = await reached(deps.fetch, url, { method: "POST", body: bytes });
		await sent.body?.cancel();
		if (!sent.ok) throw new WebAPIRequestError(new Error(`Slack answered ${sent.status} to a file`));
		await client.files.completeUploadExternal({
			files: [{ id, title: name }],
			channel_id: channel,
			thread_ts: thread,
		});
	});
}

const timeoutMs = 8000;

/** A request beside the API; what becomes of it is told in the words of Slack's client. */
async function reached(fetch: BotDeps["fetch"], url: string, init: RequestInit): Promise<Response> {
	try {
		return await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
	} catch (error) {
		throw new WebAPIRequestError(error instanceof Error ? error : new Error(String(error)));
	}
}

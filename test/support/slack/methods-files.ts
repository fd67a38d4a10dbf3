import { isJsonObject, type JsonObject } from "../../../src/std/json.ts";
import { listOf, written } from "./methods-chat.ts";
import { channelOf, keep, refused, textArg, type Call, type Method, type SlackState } from "./slack-state.ts";

export const uploadUrl: Method = (call, state) => {
	const name = textArg(call.args, "filename");
	const length = Number(call.args["length"]);
	if (name === "" || !Number.isInteger(length) || length < 1) return refused("invalid_arguments");
	const id = state.newId("F");
	state.uploads.set(id, { name, length, bytes: null, isShared: false });
	return { upload_url: `${state.url}/upload/v1/${id}`, file_id: id };
};

/** The bytes of a file come without a token: its address is the secret. */
export function uploaded(id: string, bytes: Buffer, state: SlackState): { status: number; body: string } {
	const upload = state.uploads.get(id);
	if (upload === undefined) return { status: 404, body: "no such upload" };
	if (bytes.length !== upload.length) return { status: 400, body: "the length is not the one that was told" };
	upload.bytes = bytes;
	return { status: 200, body: `OK - ${bytes.length}` };
}

export const completeUpload: Method = (call, state) => {
	const files = listOf(call.args["files"]).filter(isJsonObject);
	if (files.length === 0) return refused("invalid_arguments");
	const isLacking = files.some(({ id }) => {
		const upload = state.uploads.get(String(id));
		return upload === undefined || upload.bytes === null || upload.isShared;
	});
	if (isLacking) return refused("file_not_found");
	const isShown = textArg(call.args, "channel_id") !== "";
	const fault = isShown ? share(call, state, files) : null;
	if (fault !== null) return fault;
	for (const { id } of files) state.uploads.get(String(id))!.isShared = true;
	return { files: files.map(({ id, title }) => ({ id: id ?? "", title: title ?? "" })) };
};

function share(call: Call, state: SlackState, files: readonly JsonObject[]): JsonObject | null {
	const channel = channelOf(call, state, "channel_id");
	if (typeof channel === "string") return refused(channel);
	const said = { ...call, args: { text: textArg(call.args, "initial_comment") } };
	const message = written(said, state, { channel, threadTs: textArg(call.args, "thread_ts") || null });
	keep(channel, { ...message, files: files.map(({ id }) => String(id)) });
	return null;
}

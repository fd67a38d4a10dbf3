import { decodedBytes } from "../std/base64.ts";
import { assert } from "../std/assert.ts";
import type { StreamPiece } from "./commands.ts";
import { imageTypes, type CallId, type FileId, type FileRef, type NewFile, type SessionEvent } from "./events.ts";
import type { Files, Session, Turn } from "./state.ts";
import type { AgentId } from "./team.ts";

/** Pictures of one call; further ones are dropped, and the log says so. */
export const imagesPerCallMax = 8;
export const imageBytesMax = 8 * 1024 * 1024;
/** All files of a session together. A message that would exceed it is refused, a picture is dropped. */
export const sessionFileBytesMax = 64 * 1024 * 1024;

/** Files as the log will name them, in their order; the bytes were found good where they came in. */
export function numbered({ count }: Files, files: readonly NewFile[]): readonly FileRef[] {
	return files.map(({ name, media_type, base64 }, i) => {
		const bytes = decodedBytes(base64);
		assert(bytes !== null, `${name} is base64`);
		return { file: fileId(count + 1 + i), name, media_type, bytes };
	});
}

/** What an event says of the files of its turn: nothing where there are none, as in logs from before there were files. */
export function attached(attachments: readonly FileRef[]): { readonly attachments?: readonly FileRef[] } {
	return attachments.length === 0 ? {} : { attachments };
}

/** After an event that names these. Those of a queued message are named again when its turn starts, and count once. */
export function withFiles(files: Files, named: readonly Pick<FileRef, "file" | "bytes">[]): Files {
	const fresh = named.filter(({ file }) => numberOf(file) > files.count);
	const bytes = fresh.reduce((sum, file) => sum + file.bytes, files.bytes);
	return { count: Math.max(files.count, ...fresh.map(({ file }) => numberOf(file))), bytes };
}

type Picture = StreamPiece & { readonly kind: "image" };

/** Says of each picture of a call, one after the other, under which number it is kept, or why it is not. */
export function picturesOf(
	session: Session,
	turn: Turn,
	from: { readonly agent: AgentId; readonly call: CallId },
): (picture: Picture) => SessionEvent {
	let files = session.files;
	let brought = turn.images.filter((call) => call === from.call).length;
	return ({ mediaType: media_type, base64 }) => {
		const bytes = isImage(media_type) ? (decodedBytes(base64) ?? 0) : 0;
		const reason = refusalOf(bytes, { brought, kept: files.bytes });
		if (reason !== null) return { type: "agent.image_dropped", ...from, media_type, reason };
		const file = fileId(files.count + 1);
		files = withFiles(files, [{ file, bytes }]);
		brought += 1;
		return { type: "agent.image", ...from, file, media_type, bytes };
	};
}

function refusalOf(bytes: number, { brought, kept }: { brought: number; kept: number }) {
	if (bytes === 0) return "unreadable";
	if (bytes > imageBytesMax) return "too_large";
	if (brought >= imagesPerCallMax) return "call_limit";
	return kept + bytes > sessionFileBytesMax ? "session_limit" : null;
}

function isImage(mediaType: string): boolean {
	return imageTypes.some((type) => type === mediaType);
}

/** The one place where a number becomes a file's name, and back. */
function fileId(number: number): FileId {
	const id = `f${number}`;
	return id as FileId;
}

function numberOf(file: FileId): number {
	return Number(file.slice(1));
}

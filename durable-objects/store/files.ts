import type { Command, StreamPiece } from "../../src/consensus/commands.ts";
import type { FileId, FileRef, NewFile, SessionEvent } from "../../src/consensus/events.ts";
import { assert } from "../../src/std/assert.ts";
import type { Sql } from "./log.ts";
import { migrate } from "./migrations.ts";

/**
 * The session's files, of which the log has only references. Base64, since that is what every request carries; a person
 * who wants the bytes is the rarer case.
 */
const fileSteps: readonly string[] = [
	`CREATE TABLE files (id TEXT NOT NULL, part INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL,
		base64 TEXT NOT NULL, PRIMARY KEY (id, part))`,
];

/** A row is at most 2 MB in Durable Object storage. A multiple of four, so that each part decodes by itself. */
export const partCharsMax = 1_000_000;

/** A file under the number that the log has given it. */
export type NumberedFile = NewFile & { readonly file: FileId };

/** Writes these in the transaction of the events that name them. The table is made with a session's first file. */
export function keepFiles(sql: Sql, files: readonly NumberedFile[]): void {
	if (files.length === 0) return;
	migrate(sql, { files: fileSteps });
	for (const { file, name, media_type, base64 } of files)
		for (let part = 0; part * partCharsMax < base64.length; part += 1)
			sql.exec(
				"INSERT INTO files (id, part, name, media_type, base64) VALUES (?, ?, ?, ?, ?)",
				file,
				part,
				name,
				media_type,
				base64.slice(part * partCharsMax, (part + 1) * partCharsMax),
			);
}

/** A file that the log names; null for a number that was never given. The session has named at least one. */
export function fileOf(sql: Sql, file: string): NewFile | null {
	const query = "SELECT name, media_type, base64 FROM files WHERE id = ? ORDER BY part";
	const rows = sql.exec<NewFile>(query, file).toArray();
	const [first] = rows;
	if (first === undefined) return null;
	return { name: first.name, media_type: first.media_type, base64: rows.map(({ base64 }) => base64).join("") };
}

/** What a command has brought, under the numbers that its events give: they name its files in the same order. */
export function filesIn(command: Command, events: readonly SessionEvent[]): readonly NumberedFile[] {
	if (command.type === "call.streamed") return picturesIn(command.pieces, events);
	if (command.type !== "open" && command.type !== "message") return [];
	const { attachments: sent = [] } = command;
	const named = events.flatMap(attachmentsOf);
	assert(named.length === sent.length, "every file that was sent is named once");
	return sent.map((file, i) => ({ ...file, file: idOf(named[i]) }));
}

function attachmentsOf(event: SessionEvent): readonly FileRef[] {
	return event.type === "turn.queued" || event.type === "turn.started" ? (event.attachments ?? []) : [];
}

/** Of a judge's pictures nothing is said, and none is kept. */
function picturesIn(pieces: readonly StreamPiece[], events: readonly SessionEvent[]): readonly NumberedFile[] {
	const pictures = pieces.flatMap((piece) => (piece.kind === "image" ? [piece] : []));
	const told = events.filter(({ type }) => type === "agent.image" || type === "agent.image_dropped");
	return told.flatMap((event, i) => {
		if (event.type !== "agent.image") return [];
		const { file, media_type } = event;
		const name = `${file}.${media_type.replace("image/", "")}`;
		return [{ file, name, media_type, base64: pictures[i]?.base64 ?? "" }];
	});
}

function idOf(named: FileRef | undefined): FileId {
	assert(named !== undefined, "every file that was sent is named");
	return named.file;
}

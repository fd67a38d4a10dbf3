import type { LogPage, SessionSummary } from "../../durable-objects/rpc.ts";
import { receivedQuery } from "./body.ts";
import { ExportQuery } from "./contract.ts";
import type { AppDeps, Call } from "./deps.ts";
import { answersIn, markdownOf, type Told } from "./export-markdown.ts";
import { noSession, rowOf } from "./sessions.ts";
import { nothingShared, openedBy, sharedSession } from "./shared.ts";

/** More of a log is left out of a file; it can be read page by page as events. */
export const exportCharsMax = 32 * 1024 * 1024;

/** `GET /v1/sessions/{id}/export`: a session as a file, to be read (`md`) or processed (`json`). */
export async function exportSession({ deps, request, key }: Call): Promise<Response> {
	const row = await rowOf(deps, key);
	const summary = row === null ? null : await deps.session(key).summary();
	if (row === null || summary === null) return noSession(key);
	const session = { ...summary, title: row.title, created_at: row.created_at };
	return exported(deps, request, { session, audience: "owner" });
}

/** `GET /v1/shared/{token}/export`: the same without what is the owner's alone. */
export async function exportShared({ deps, request, key }: Call): Promise<Response> {
	const row = await openedBy(deps, key);
	const session = row === null ? null : await sharedSession(deps, row);
	return session === null ? nothingShared() : exported(deps, request, { session, audience: "guests" });
}

type Exported = {
	readonly session: Told & Pick<SessionSummary, "id" | "last_seq">;
	readonly audience: "owner" | "guests";
};

async function exported(deps: AppDeps, request: Request, { session, audience }: Exported): Promise<Response> {
	const query = receivedQuery(request, ExportQuery);
	if (query instanceof Response) return query;
	const { format } = query;
	const name = `${fileNameOf(session.title)}.${format}`;
	const headers = {
		"content-type": mediaTypes[format],
		"content-disposition": `attachment; filename="${name}"`,
		"cache-control": "no-store",
	};
	const pages = pagesOf(deps, { session, audience });
	if (format === "json") return new Response(streamOf(jsonOf(session, pages)), { headers });
	return new Response(markdownOf(session, await answersIn(pages)), { headers });
}

const mediaTypes = { md: "text/markdown; charset=utf-8", json: "application/json" } as const;

/** Plain ASCII in whatever language the title is, so that every system takes it. */
function fileNameOf(title: string): string {
	const letters = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
	const plain = letters.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "");
	return `massgen-${plain.slice(0, 60)}`.replace(/-+$/, "");
}

/** The log as it stood when it was asked for, page by page. */
async function* pagesOf(deps: AppDeps, { session, audience }: Exported): AsyncGenerator<readonly string[]> {
	let from: number | null = 1;
	while (from !== null && from <= session.last_seq) {
		const page: LogPage | null = await deps.session(session.id).log({ from, audience });
		if (page === null) return;
		// What came after is not of this file.
		yield page.lines.slice(0, session.last_seq - from + 1);
		from = page.next;
	}
}

async function* jsonOf(session: object, pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
	yield `{"session":${JSON.stringify(session)},"events":[`;
	let chars = 0;
	let truncated = false;
	for await (const lines of pages) {
		const text = lines.join(",\n");
		truncated = chars + text.length > exportCharsMax;
		if (truncated) break;
		yield chars === 0 ? text : `,\n${text}`;
		chars += text.length;
	}
	yield `],"truncated":${truncated}}\n`;
}

/** Made as fast as it is read. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	return new ReadableStream({
		async pull(controller) {
			const { done, value } = await texts.next();
			if (done === true) return controller.close();
			controller.enqueue(encoder.encode(value));
		},
		async cancel() {
			await texts.return(undefined);
		},
	});
}

import { bytesIn } from "../std/base64.ts";
import type { Call } from "./deps.ts";
import { problem } from "./problem.ts";
import { noSession, rowOf } from "./sessions.ts";

/** `GET /v1/sessions/{id}/files/{file}`: what a person sent or a model made. A browser shows pictures and PDFs only. */
export async function showFile({ deps, key, part }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const file = /^f[1-9]\d{0,8}$/.test(part) ? await deps.session(key).file(part) : null;
	if (file === null) return problem(404, `There is no file \`${part.slice(0, 64)}\` in this session.`);
	const { name, media_type, base64 } = file;
	const shown = media_type.startsWith("image/") || media_type === "application/pdf" ? "inline" : "attachment";
	return new Response(bytesIn(base64), {
		headers: {
			"content-type": media_type,
			"content-disposition": `${shown}; filename*=UTF-8''${extendedValue(name)}`,
			"x-content-type-options": "nosniff",
			"cache-control": "no-store",
		},
	});
}

/** RFC 8187, whose plain characters are fewer than those of a URL. */
function extendedValue(name: string): string {
	return encodeURIComponent(name).replaceAll(
		/['()*]/g,
		(char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

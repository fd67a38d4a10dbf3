import { unreachable } from "../std/assert.ts";
import type { JsonObject } from "../std/json.ts";
import type { StreamPiece } from "./commands.ts";
import type { SessionEvent } from "./events.ts";
import { picturesOf } from "./files.ts";
import type { OpenCall } from "./open-calls.ts";
import type { Session, Turn } from "./state.ts";

/** Longer arguments of a tool that we do not run are cut: people look at them, nobody acts on them. */
export const toolArgumentsCharsMax = 20_000;
/** Of a source's address and title. */
export const sourceCharsMax = 4_000;
/** Of a tool's name and a picture's media type. */
export const wordCharsMax = 200;

/** What a call has brought, as the log tells it. A judge's stream is not shown: only its ruling counts. */
export function streamed(
	state: Session,
	turn: Turn,
	{ open, pieces }: { readonly open: OpenCall; readonly pieces: readonly StreamPiece[] },
): readonly SessionEvent[] {
	if (open.purpose === "judge") return [];
	const { agent, id: call, purpose } = open;
	const pictured = picturesOf(state, turn, { agent, call });
	return pieces.flatMap((piece): readonly SessionEvent[] => {
		switch (piece.kind) {
			case "text":
				return purpose === "presentation"
					? [{ type: "final.text", text: piece.text }]
					: [{ type: "agent.text", agent, call, text: piece.text }];
			case "reasoning":
				return [{ type: "agent.reasoning", agent, call, text: piece.text }];
			case "citation":
				return cited(piece).map((source) => ({ type: "agent.cited", agent, call, ...source }));
			case "image":
				return [pictured({ ...piece, mediaType: cutWord(piece.mediaType) })];
			case "server_tool": {
				const args = cutArguments(piece.arguments);
				return [{ type: "tool.called", agent, call, tool: cutWord(piece.tool), arguments: args }];
			}
			case "server_tool_result": {
				const { ok, result } = piece;
				return [{ type: "tool.returned", agent, call, tool: cutWord(piece.tool), ok, result }];
			}
			default:
				return unreachable(piece);
		}
	});
}

/** Arguments as the log tells them: as they came, or the beginning of their JSON. */
export function cutArguments(args: JsonObject): JsonObject {
	const text = JSON.stringify(args);
	return text.length <= toolArgumentsCharsMax ? args : { __cut: text.slice(0, toolArgumentsCharsMax) };
}

/** An address that is cut leads nowhere, so such a source is not told. */
function cited({ url, title }: StreamPiece & { readonly kind: "citation" }) {
	return url.length <= sourceCharsMax ? [{ url, title: title.slice(0, sourceCharsMax) }] : [];
}

/** A tool's name or a media type, as the log tells it. */
export function cutWord(text: string): string {
	return text.slice(0, wordCharsMax);
}

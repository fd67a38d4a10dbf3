import { unreachable } from "../std/assert.ts";
import type { StreamPiece } from "./commands.ts";
import type { SessionEvent } from "./events.ts";
import { picturesOf } from "./files.ts";
import type { OpenCall } from "./open-calls.ts";
import type { Session, Turn } from "./state.ts";

/** What a call has brought, as the log tells it. A judge's stream is not shown: only its ruling counts. */
export function streamed(
	state: Session,
	turn: Turn,
	{ open, pieces }: { readonly open: OpenCall; readonly pieces: readonly StreamPiece[] },
): readonly SessionEvent[] {
	if (open.purpose === "judge") return [];
	const { agent, id: call, purpose } = open;
	const pictured = picturesOf(state, turn, { agent, call });
	return pieces.map((piece): SessionEvent => {
		switch (piece.kind) {
			case "text":
				return purpose === "presentation"
					? { type: "final.text", text: piece.text }
					: { type: "agent.text", agent, call, text: piece.text };
			case "reasoning":
				return { type: "agent.reasoning", agent, call, text: piece.text };
			case "citation":
				return { type: "agent.cited", agent, call, url: piece.url, title: piece.title };
			case "image":
				return pictured(piece);
			case "server_tool":
				return { type: "tool.called", agent, call, tool: piece.tool, arguments: piece.arguments };
			case "server_tool_result":
				return { type: "tool.returned", agent, call, tool: piece.tool, ok: piece.ok, result: piece.result };
			default:
				return unreachable(piece);
		}
	});
}

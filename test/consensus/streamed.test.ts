import { expect, test } from "vitest";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { SessionEvent } from "../../src/consensus/events.ts";
import { sourceCharsMax, toolArgumentsCharsMax, wordCharsMax } from "../../src/consensus/streamed.ts";
import { session } from "./scenario.ts";

const x = (chars: number) => "x".repeat(chars);
const query = (chars: number) => ({ q: x(chars - '{"q":""}'.length) });
const ofA = { agent: "a", call: "t1.a1.r1.c1.x1" };
const searched = (args: object, tool = "web_search") => ({ type: "tool.called", ...ofA, tool, arguments: args });
const cited = (url: string, title: string) => ({ type: "agent.cited", ...ofA, url, title });

/** What the log tells of this piece of a round. */
function told(piece: StreamPiece): readonly SessionEvent[] {
	const asked = session({ agents: 1 }).asks("a");
	const call = asked.events.findLast((event) => event.type === "call.started")?.call;
	if (call === undefined) throw new Error("a is asked");
	return asked.sends({ type: "call.streamed", call, pieces: [piece] }).events.slice(asked.events.length);
}

test.each<[string, StreamPiece, readonly object[]]>([
	[
		"arguments of a provider's own tool are told as they came",
		{ kind: "server_tool", tool: x(wordCharsMax), arguments: query(toolArgumentsCharsMax) },
		[searched(query(toolArgumentsCharsMax), x(wordCharsMax))],
	],
	[
		"and cut past a bound, like its name",
		{ kind: "server_tool", tool: x(wordCharsMax + 1), arguments: query(toolArgumentsCharsMax + 1) },
		[searched({ __cut: JSON.stringify(query(toolArgumentsCharsMax + 1)).slice(0, -1) }, x(wordCharsMax))],
	],
	[
		"a source is told with its title",
		{ kind: "citation", url: x(sourceCharsMax), title: x(sourceCharsMax) },
		[cited(x(sourceCharsMax), x(sourceCharsMax))],
	],
	["a title is cut", { kind: "citation", url: "u", title: x(sourceCharsMax + 1) }, [cited("u", x(sourceCharsMax))]],
	["an address that is cut would lead nowhere", { kind: "citation", url: x(sourceCharsMax + 1), title: "" }, []],
	[
		"the type of a picture that is not kept is cut",
		{ kind: "image", mediaType: x(wordCharsMax + 1), base64: "" },
		[{ type: "agent.image_dropped", ...ofA, media_type: x(wordCharsMax), reason: "unreadable" }],
	],
])("%s", (_, piece, events) => {
	expect(told(piece)).toEqual(events);
});

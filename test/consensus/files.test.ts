import { describe, expect, test } from "vitest";
import type { StreamPiece } from "../../src/consensus/commands.ts";
import type { FileId, NewFile, SessionEvent } from "../../src/consensus/events.ts";
import {
	imageBytesMax,
	imagesPerCallMax,
	numbered,
	sessionFileBytesMax,
	withFiles,
} from "../../src/consensus/files.ts";
import { queueMax } from "../../src/consensus/decide.ts";
import { emptySession, type SessionState } from "../../src/consensus/state.ts";
import { transition } from "../../src/consensus/transition.ts";
import { base64Of, png } from "../support/attachments.ts";
import { session, spec, teamOf, type Scenario } from "./scenario.ts";

const message = (text: string, ...attachments: readonly NewFile[]) => ({ type: "message", text, attachments }) as const;
const cancel = { type: "cancel" } as const;
const picture = (bytes = 3, mediaType = "image/png"): StreamPiece => ({
	kind: "image",
	mediaType,
	base64: base64Of("", bytes),
});
const draws = (s: Scenario, ...pieces: readonly StreamPiece[]) => {
	const asked = s.asks("a");
	const call = asked.events.findLast((event) => event.type === "call.started")?.call;
	if (call === undefined) throw new Error("a is asked");
	return asked.sends({ type: "call.streamed", call, pieces });
};
const alone = () => session({ agents: 1 }).next();
const mib = 1024 * 1024;
/** A session whose files have so many bytes together, in messages of 8 MiB at most. */
const holding = (bytes: number): Scenario => {
	const whole = Math.floor(bytes / (8 * mib));
	const sizes = [
		...Array.from({ length: whole }, () => 8 * mib),
		...(bytes % (8 * mib) > 0 ? [bytes % (8 * mib)] : []),
	];
	const full = sizes.reduce(
		(s, size, i) => s.sends(message(`m${i}`, png("big.png", size)), cancel),
		session({ agents: 1 }).sends(cancel),
	);
	return full.next();
};

describe("files of a person", () => {
	spec([
		[
			"are numbered through the session, whatever becomes of their turn",
			() =>
				alone()
					.sends(cancel, message("One?", png(), png()), cancel, message("Two?"), cancel)
					.sends(message("Three?", png())),
			[
				"session.cancelled 1",
				"turn.started 2 One? f1 f2",
				"attempt.started 1",
				"round.started a 1: -",
				"session.cancelled 2",
				"turn.started 3 Two?",
				"attempt.started 1",
				"round.started a 1: -",
				"session.cancelled 3",
				"turn.started 4 Three? f3",
				"attempt.started 1",
				"round.started a 1: -",
			],
		],
		[
			"wait with their message, and keep their numbers when its turn starts",
			() => alone().sends(message("Next?", png()), message("And?", png()), cancel, cancel),
			[
				"turn.queued Next? f1",
				"turn.queued And? f2",
				"session.cancelled 1",
				"turn.started 2 Next? f1",
				"attempt.started 1",
				"round.started a 1: -",
				"session.cancelled 2",
				"turn.started 3 And? f2",
				"attempt.started 1",
				"round.started a 1: -",
			],
		],
		[
			"of a message that the queue has no room for get no number",
			() =>
				session({ agents: 1 })
					.sends(...Array.from({ length: queueMax }, (_, i) => message(`m${i}`)))
					.next()
					.sends(message("Too many?", png()), cancel, message("Now?", png())),
			[
				"refused queue_full",
				"session.cancelled 1",
				"turn.started 2 m0",
				"attempt.started 1",
				"round.started a 1: -",
				"turn.queued Now? f1",
			],
		],
		[
			"up to the bytes that a session may have",
			() => holding(sessionFileBytesMax - 12).sends(message("Last?", png("a.png", 12))),
			["turn.started 10 Last? f9", "attempt.started 1", "round.started a 1: -"],
		],
		[
			"and not one byte more",
			() => holding(sessionFileBytesMax - 12).sends(message("Too much?", png("a.png", 13)), message("Fits?")),
			["refused files_full", "turn.started 10 Fits?", "attempt.started 1", "round.started a 1: -"],
		],
	]);

	test("the log has their names, types and sizes, and not one byte of them", () => {
		const attachments = [png("a.png", 100), { name: "t.csv", media_type: "text/csv", base64: "QUI=" }];
		const opened = transition(emptySession, {
			type: "open",
			team: teamOf({ agents: 1 }),
			seed: 7,
			question: "?",
			attachments,
		});
		const [, started] = opened.ok ? opened.events : [];
		expect(started).toEqual({
			type: "turn.started",
			turn: 1,
			question: "?",
			attachments: [
				{ file: "f1", name: "a.png", media_type: "image/png", bytes: 100 },
				{ file: "f2", name: "t.csv", media_type: "text/csv", bytes: 2 },
			],
		} satisfies Plain<SessionEvent & { readonly type: "turn.started" }>);
	});

	test("without any an event says nothing of them", () => {
		const { events } = session({ agents: 1 }).sends(message("Next?"));
		expect(events.filter(({ type }) => type.startsWith("turn."))).toEqual([
			{ type: "turn.started", turn: 1, question: "?" },
			{ type: "turn.queued", message: "Next?" },
		]);
		expect(events.map((event) => "attachments" in event).includes(true)).toBe(false);
	});
});

/** Without brands, as a test writes it. */
type Plain<T> = T extends string ? string : { readonly [K in keyof T]: Plain<T[K]> };

describe("pictures that a model makes", () => {
	spec([
		[
			"are numbered like everything else",
			() => draws(alone().sends(message("Next?", png())), picture(4), picture(5)),
			["turn.queued Next? f1", "agent.image a f2 image/png 4", "agent.image a f3 image/png 5"],
		],
		[
			"also in later pieces of the same call",
			() => draws(draws(alone(), picture()), picture()),
			["agent.image a f1 image/png 3", "agent.image a f2 image/png 3"],
		],
		[
			"up to so many of one call",
			() =>
				draws(
					draws(alone(), ...Array.from({ length: imagesPerCallMax - 1 }, () => picture())).next(),
					picture(),
				),
			[`agent.image a f${imagesPerCallMax} image/png 3`],
		],
		[
			"one more of that call is dropped, and the log says so",
			() =>
				draws(
					draws(alone(), ...Array.from({ length: imagesPerCallMax - 1 }, () => picture())).next(),
					picture(),
					picture(),
				),
			[`agent.image a f${imagesPerCallMax} image/png 3`, "agent.image_dropped a call_limit"],
		],
		[
			"the next call may bring as many again",
			() => {
				const full = draws(alone(), ...Array.from({ length: imagesPerCallMax }, () => picture()));
				return draws(full.replies("a").next(), picture());
			},
			[`agent.image a f${imagesPerCallMax + 1} image/png 3`],
		],
		[
			"up to so many bytes each",
			() => draws(alone(), picture(imageBytesMax), picture(imageBytesMax + 1)),
			[`agent.image a f1 image/png ${imageBytesMax}`, "agent.image_dropped a too_large"],
		],
		[
			"up to the bytes that a session may have",
			() =>
				draws(
					holding(sessionFileBytesMax - 3)
						.sends(message("Next?"))
						.next(),
					picture(3),
					picture(1),
				),
			["agent.image a f9 image/png 3", "agent.image_dropped a session_limit"],
		],
		[
			"of a type that no browser should be sent are dropped",
			() => draws(alone(), picture(3, "image/svg+xml"), picture(3, "text/html")),
			["agent.image_dropped a unreadable", "agent.image_dropped a unreadable"],
		],
		[
			"that are nothing, or no base64, are dropped",
			() => draws(alone(), picture(0), { kind: "image", mediaType: "image/png", base64: "AA" }),
			["agent.image_dropped a unreadable", "agent.image_dropped a unreadable"],
		],
		[
			"one that is dropped uses up no number",
			() => draws(alone(), picture(0), picture()),
			["agent.image_dropped a unreadable", "agent.image a f1 image/png 3"],
		],
	]);

	test("of a presentation bear the presenter's name and its call", () => {
		const presenting = session({ agents: 2 })
			.answers("a", "A")
			.answers("b", "B")
			.votes("a", "a1.1")
			.votes("b", "a1.1");
		const drawn = draws(presenting.asks("presenter"), picture());
		expect(drawn.events.at(-1)).toEqual({
			type: "agent.image",
			agent: "a",
			call: "t1.p1.x1",
			file: "f1",
			media_type: "image/png",
			bytes: 3,
		});
	});
});

test("files that are named a second time count once", () => {
	const refs = numbered({ count: 2, bytes: 10 }, [png("a.png", 5), png("b.png", 6)]);
	const once = withFiles({ count: 2, bytes: 10 }, refs);
	expect([refs.map(({ file }) => file), once, withFiles(once, refs)]).toEqual([
		["f3", "f4"],
		{ count: 4, bytes: 21 },
		{ count: 4, bytes: 21 },
	]);
	expect(withFiles({ count: 9, bytes: 0 }, [{ file: "f10" as FileId, bytes: 1 }])).toEqual({ count: 10, bytes: 1 });
});

test("what was sent stays with its turn when that is past", () => {
	const { state }: { state: SessionState } = session({ agents: 1 }).sends(cancel, message("One?", png()), cancel);
	expect(state.status === "open" && state.past).toEqual([
		{ question: "?", attachments: [], answer: null },
		{
			question: "One?",
			attachments: [{ file: "f1", name: "a.png", media_type: "image/png", bytes: 12 }],
			answer: null,
		},
	]);
});

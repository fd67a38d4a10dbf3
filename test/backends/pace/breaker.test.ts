import { expect, test } from "vitest";
import type { FailureCode } from "../../../src/backends/backend.ts";
import {
	after,
	blockedMs,
	breakerBounds,
	closedBreaker,
	sending,
	type Breaker,
	type Outcome,
} from "../../../src/backends/pace/breaker.ts";
import { makeFailure } from "../../../src/backends/failure.ts";

const { failuresMax, openMsMin, openMsMax, probeMsMax } = breakerBounds;

/** A call that is sent now, and what becomes of it at once. */
function called(breaker: Breaker, outcome: Outcome, nowMs = 0): Breaker {
	const sent = sending(breaker, nowMs);
	return after(sent, { epoch: sent.epoch, outcome }, nowMs);
}

function failing(times: number, breaker = closedBreaker): Breaker {
	let next = breaker;
	for (let i = 0; i < times; i++) next = called(next, makeFailure("server", "no"));
	return next;
}

function closedAfter(failures: number): Breaker {
	return { state: "closed", failures, openings: 0, epoch: 0 };
}

const opened: Breaker = { state: "open", untilMs: openMsMin, openings: 1, epoch: 1 };

test.each<[string, Breaker, Breaker]>([
	["failures in a row are counted", failing(failuresMax - 1), closedAfter(failuresMax - 1)],
	["one more opens it", failing(failuresMax), opened],
	[
		"a whole answer between them begins the count anew",
		failing(failuresMax - 1, called(failing(failuresMax - 1), "whole")),
		closedAfter(failuresMax - 1),
	],
	["an answer that has only begun does not", failing(1, called(failing(failuresMax - 1), "begun")), opened],
	["nor does a call that we gave up", failing(1, called(failing(failuresMax - 1), "given up")), opened],
	[
		"a call after the wait is the probe",
		sending(opened, openMsMin),
		{ state: "probing", untilMs: openMsMin + probeMsMax, openings: 1, epoch: 1 },
	],
	["a whole answer to it closes the breaker", called(opened, "whole", openMsMin), { ...closedBreaker, epoch: 1 }],
	[
		"one that has begun does so on approval",
		called(opened, "begun", openMsMin),
		{ state: "closed", failures: failuresMax - 1, openings: 1, epoch: 1 },
	],
	[
		"a failure of it opens it for twice as long",
		called(opened, makeFailure("network", "no"), openMsMin),
		{ state: "open", untilMs: 3 * openMsMin, openings: 2, epoch: 2 },
	],
	[
		"so does one of an answer that had begun",
		failing(1, called(opened, "begun")),
		{ state: "open", untilMs: 2 * openMsMin, openings: 2, epoch: 2 },
	],
	[
		"a probe that we gave up leaves the next call to probe",
		called(opened, "given up", openMsMin),
		{ state: "open", untilMs: openMsMin, openings: 1, epoch: 1 },
	],
	["what was sent before it opened says nothing any more", after(opened, { epoch: 0, outcome: "whole" }, 0), opened],
	[
		"nor does it to a probe",
		after(sending(opened, 0), { epoch: 0, outcome: makeFailure("server", "no") }, 0),
		sending(opened, 0),
	],
])("%s", (_, breaker, expected) => {
	expect(breaker).toEqual(expected);
});

test.each<[FailureCode, "the host's" | "not the host's"]>([
	["overloaded", "the host's"],
	["server", "the host's"],
	["network", "the host's"],
	["first_byte_timeout", "the host's"],
	["stall_timeout", "the host's"],
	["bad_stream", "the host's"],
	["rate_limited", "not the host's"],
	["auth", "not the host's"],
	["bad_request", "not the host's"],
	["not_found", "not the host's"],
	["context_length", "not the host's"],
	["content_filtered", "not the host's"],
	["quota", "not the host's"],
	["output_too_large", "not the host's"],
])("%s is %s", (code, whose) => {
	const last = called(failing(failuresMax - 1), makeFailure(code, "no"));
	expect(last).toEqual(whose === "the host's" ? opened : closedBreaker);
});

test("each opening takes twice as long, up to the bound", () => {
	const waits: number[] = [];
	let breaker = failing(failuresMax);
	for (let i = 0; i < 8; i++) {
		waits.push(blockedMs(breaker, 0));
		breaker = called(breaker, makeFailure("server", "no"), 0);
	}
	expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((times) => times * openMsMin));
	expect(openMsMax).toBe(60 * openMsMin);
});

test.each<[string, Breaker, number, number]>([
	["a closed one lets calls through", closedBreaker, 0, 0],
	["an open one tells what is left", opened, 1, openMsMin - 1],
	["until it is over", opened, openMsMin, 0],
	["and for good", opened, openMsMin + 1, 0],
	["while a probe is out the others are to ask again soon", sending(opened, 0), 0, openMsMin],
	["but not later than when it counts as lost", sending(opened, 0), probeMsMax - 1, 1],
	["then the next one may probe", sending(opened, 0), probeMsMax, 0],
])("%s", (_, breaker, nowMs, expected) => {
	expect(blockedMs(breaker, nowMs)).toBe(expected);
});

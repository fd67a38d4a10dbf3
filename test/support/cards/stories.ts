import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { stage, type Stage } from "./stage.ts";

/** Sessions to be shown: each played to its end, and the moment of it that a card is drawn of. */

const question = "Our cron job is set to 02:30 Europe/Berlin. Does it run on the night the clocks go forward?";

const skipped = "No. That night 02:30 does not exist: the clock goes from 01:59 straight to 03:00.";
const caughtUp = "Yes, once. Cron sees the clock jump and starts the job right after 03:00.";
const twice = "It runs twice that night.";
const depends = [
	"It depends on the cron. Debian's cron and cronie start a job with a fixed hour right after the jump, at 03:00;",
	"BusyBox crond leaves it out. Set it to 04:00, or to a time in UTC, and you need not care.",
].join(" ");
const said = [
	"**On Debian, Ubuntu and RHEL: yes, once, right after the jump.** Their cron notices that the hour is missing and",
	"starts a job with a fixed time at 03:00.\n\nBusyBox crond (Alpine images) leaves it out that night.\n\nTo be safe",
	"on all of them, set it to `30 4 * * *` or run cron in UTC.",
].join(" ");

/** Everybody thinks, nobody has answered. */
function asked(): Stage {
	return stage(question, { usd: 0.5 }).thinks("claude", "gpt", "gemini").at(0.6).says("claude", "On the last Sunday");
}

function answered(): Stage {
	return asked()
		.at(1.1)
		.says("gpt", "Yes, once.")
		.at(3.2)
		.says("claude", " of March ")
		.at(4.4)
		.answers("gpt", caughtUp, 0.011)
		.at(5.3)
		.fails("gemini", "The model is overloaded.", { retryInMs: 900 })
		.at(6.3)
		.says("gemini", "It runs")
		.at(7.1)
		.answers("claude", skipped, 0.024)
		.at(9.8)
		.answers("gemini", twice, 0.009);
}

/** One vote stands, and is voided by a better answer. */
function voided(): Stage {
	return answered()
		.thinks("claude", "gpt", "gemini")
		.at(12.7)
		.votes("gemini", "a1.1", "Twice is wrong: that is October. In March the minute is missing.", 0.008)
		.at(14.1)
		.says("gpt", "Both of us are right")
		.at(15.2)
		.votes("claude", "a1.1", "02:30 does not exist that night.", 0.019)
		.at(18.9)
		.answers("gpt", depends, 0.016);
}

function voting(): Stage {
	return voided()
		.thinks("claude", "gpt", "gemini")
		.at(20.4)
		.says("claude", "The new answer")
		.at(23.5)
		.votes("gpt", "a2.2", "It names which cron does what, and what is safe on all.", 0.012)
		.at(24.2)
		.votes("gemini", "a2.2", "It is right about both crons; that the minute is missing is only half of it.", 0.008);
}

function decided(): Stage {
	return voting()
		.at(28.6)
		.votes("claude", "a1.1", "The question names no distribution: by the clock alone it is no.", 0.02);
}

function finished(): Stage {
	const presenting = decided().at(29.1).says("gpt", "**On Debian,");
	return presenting.at(31.4).presents(said, 0.014);
}

function waiting(): Stage {
	const spent = stage(question, { session: { usd: 0.08, tokens: null, calls: null } });
	const first = spent
		.at(5)
		.answers("gpt", caughtUp, 0.011)
		.answers("claude", skipped, 0.024)
		.answers("gemini", twice, 0.009)
		.at(9)
		.votes("gemini", "a2.1", "It says what happens to the job, not only to the clock.", 0.008)
		.votes("claude", "a2.1", "It says when the job runs.", 0.012)
		.votes("gpt", "a2.1", "It is right.", 0.01)
		.at(11)
		.presents(caughtUp, 0.014);
	return first.at(70).sends({ type: "message", text: "And in October?" });
}

function failed(): Stage {
	return stage(question, { usd: 0.5 })
		.thinks("claude", "gpt", "gemini")
		.at(1.2)
		.fails("claude", "Incorrect API key provided.")
		.at(1.9)
		.fails("gpt", "You exceeded your current quota.")
		.at(2.3)
		.fails("gemini", "API key not valid.");
}

/** The whole run from the question to the answer. */
export const wholeRun: readonly LoggedEvent[] = finished().log;

export const scenes = {
	early: asked().at(3.2).says("claude", " of March").at(4.4).answers("gpt", caughtUp, 0.011).log,
	voided: voided().log,
	voting: voting().log,
	waiting: waiting().log,
	consensus: wholeRun,
	failed: failed().log,
} as const satisfies Record<string, readonly LoggedEvent[]>;

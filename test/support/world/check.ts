import type { LoggedEvent, TallyRow } from "../../../src/consensus/events.ts";
import { terminalEvents } from "../../../src/consensus/events.ts";
import type { ModelEvent } from "../../../src/backends/backend.ts";
import { sessionId } from "./machine.ts";
import type { Outcome } from "./outcome.ts";

/** Holds what came of a world against the invariants; `calm` is the same world without faults. */
export function check(outcome: Outcome, calm: Outcome): void {
	if (outcome.breaches.first() !== null) return;
	checkLog(outcome);
	checkPayments(outcome);
	checkLosses(outcome);
	checkEndings(outcome);
	checkWords(outcome);
	checkWatchers(outcome);
	checkWebhooks(outcome);
	if (!isComparable(calm)) return;
	if (isComparable(outcome)) checkWinner(outcome, calm);
	else outcome.breaches.hold(!mustCompare(outcome), "W1", "one fault changed who took part");
}

/** One death costs each call at most one payment, and no agent its turn; models that fail by themselves may add to it. */
function mustCompare({ setting: { timeless, faults, agents } }: Outcome): boolean {
	const { deaths, zombies, outages } = faults;
	const sound = agents.every(({ temper }) => temper.fails === 0);
	return timeless && sound && deaths.length + zombies.length <= 1 && outages.length === 0;
}

/**
 * Whether nothing but what models were shown decided this session. Where a deadline cut somebody short, or a loss cost an
 * agent its turn, another winner is as right.
 */
export function isComparable({ setting, log }: Outcome): boolean {
	if (!setting.timeless) return false;
	const hanging = new Set(setting.agents.filter(({ hangs }) => hangs).map(({ id }) => id));
	return log.every((event) => {
		if (event.type === "agent.quarantined") return hanging.has(event.agent);
		// Who came first decides a tie, and who comes first is a matter of time.
		if (event.type === "consensus.reached") return !isTied(event.tally);
		if (event.type === "consensus.failed") return event.reason === "split" && !isTied(event.tally);
		return event.type !== "limit.near" && event.type !== "session.cancelled";
	});
}

function isTied([first, second]: readonly TallyRow[]): boolean {
	if (first === undefined || second === undefined) return false;
	const others = ({ votes, self_votes, pooled }: TallyRow) => votes - self_votes + pooled.length;
	return others(first) === others(second) && first.votes === second.votes;
}

/** The final words too, unless the winner's turn to speak was lost: then its answer stands as it is (P12). */
function checkWinner({ log, breaches }: Outcome, calm: Outcome): void {
	const [here, there] = [endsOf(log), endsOf(calm.log)];
	const told = ({ winner, mode, answer }: End, other: End | undefined) =>
		`${winner}${mode === other?.mode ? `: ${answer}` : ""}`;
	const [mine, theirs] = [here.map((end, i) => told(end, there[i])), there.map((end, i) => told(end, here[i]))];
	breaches.hold(
		mine.join("; ") === theirs.join("; "),
		"W1",
		`${mine.join("; ")}\n    instead of ${theirs.join("; ")}`,
	);
}

type End = { readonly winner: string; readonly mode: string | null; readonly answer: string };

function endsOf(log: readonly LoggedEvent[]): readonly End[] {
	const ends: End[] = [];
	let mode: string | null = null;
	for (const event of log) {
		if (event.type === "presentation.started") mode = event.mode;
		if (event.type === "turn.finished") ends.push({ winner: event.winner.answer, mode, answer: event.answer });
	}
	return ends;
}

/** W1, W2, W3, W14. */
function checkLog({ log, logs, ledger, deadlinesLeft, breaches }: Outcome): void {
	const last = logs.at(-1) ?? "";
	for (const earlier of logs)
		breaches.hold(last.startsWith(earlier), "W2", "a log at a death is not the beginning of the last");
	breaches.hold(
		log.every(({ seq }, i) => seq === i + 1),
		"W3",
		log.map(({ seq }) => seq).join(" "),
	);
	const started = log.filter(({ type }) => type === "turn.started").length;
	const ended = log.filter(({ type }) => terminalEvents.has(type)).length;
	breaches.hold(started === ended, "W1", `${started} turns have ${ended} ends`);
	const open = ledger.filter(({ state }) => state === "dispatched").map(({ id }) => id);
	breaches.hold(open.length === 0, "W14", `${open.join(" ")} is open at rest`);
	breaches.hold(deadlinesLeft === 0, "W14", `${deadlinesLeft} deadlines run at rest`);
}

/** W4, W5, W7. */
function checkPayments({ log, paid, breaches, setting }: Outcome): void {
	const steps = new Map<string, { paid: number; failed: number; lost: number }>();
	const started = new Set<string>(log.flatMap((event) => (event.type === "call.started" ? [event.call] : [])));
	for (const event of log) {
		if (event.type !== "call.started" && event.type !== "call.finished") continue;
		const name = event.call.replace(/\.x\d+$/, "");
		const step = steps.get(name) ?? { paid: 0, failed: 0, lost: 0 };
		if (event.type === "call.started") step.paid += 1;
		else if (event.outcome === "lost" || event.outcome === "failed") step[event.outcome] += 1;
		steps.set(name, step);
	}
	for (const [name, { paid: times, failed, lost }] of steps) {
		const told = `${name} is paid ${times} times, lost ${lost}, failed ${failed}`;
		breaches.hold(times <= 1 + lost + failed && times - failed <= 2, "W5", told);
	}
	for (const { call } of paid) breaches.hold(started.has(call), "W4", `${call} is paid and not in the log`);
	const { calls } = setting.team.budget;
	const turns = log.filter(({ type }) => type === "turn.started").length;
	const asked = `${paid.length} calls of ${calls} in ${turns} turns`;
	breaches.hold(calls === null || paid.length <= calls * turns, "W7", asked);
}

/** W5, W6. One that never left was lost before it could be paid for. */
function checkLosses({ log, paid, breaches, ledger, setting: { faults } }: Outcome): void {
	for (const event of log) {
		if (event.type !== "call.finished" || event.outcome !== "lost") continue;
		const { call } = event;
		const one = paid.find((other) => other.call === call);
		if (one === undefined) continue;
		breaches.hold(one.life.state !== "alive", "W5", `${call} is lost, and its machine lives`);
		const written = ledger.some(({ id, handle }) => id === call && handle !== null);
		// Its handle is its first part, and is written at once.
		const known = written || (one.handle !== null && one.read > 1 && faults.outages.length === 0);
		breaches.hold(!known || one.broken, "W6", `${call} is lost although ${one.handle} could be taken up`);
	}
}

/** W16. Where time decides, a deadline may come first. */
function checkEndings({ log, paid, breaches, setting }: Outcome): void {
	if (!setting.timeless) return;
	const ends = new Map<string, string>();
	for (const event of log) if (event.type === "call.finished") ends.set(event.call, event.outcome);
	for (const { call, endedBy, broken } of paid) {
		const counts = endedBy?.state === "alive" && !broken;
		breaches.hold(!counts || ends.get(call) === "ok", "W16", `${call} came to its end, and is ${ends.get(call)}`);
	}
}

/** W15. */
function checkWords({ log, paid, breaches }: Outcome): void {
	for (const { call, parts } of paid) {
		const said = wordsIn(parts.flatMap(({ events }) => events));
		const told = log
			.flatMap((event) => (event.type === "agent.text" && event.call === call ? [event.text] : []))
			.join("");
		breaches.hold(said.startsWith(told), "W15", `${call} said ${said}, and the log has ${told}`);
	}
}

function wordsIn(events: readonly ModelEvent[]): string {
	return events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
}

/** W8. */
function checkWatchers({ watched, logs, breaches }: Outcome): void {
	const last = logs.at(-1) ?? "";
	for (const [i, lines] of watched.entries()) {
		const read = lines.join("\n");
		breaches.hold(read === last, "W8", `watcher ${i} has read ${lines.length} events, which are not the log`);
	}
}

/** W9, W10. */
function checkWebhooks({ setting, log, arrivals, doubtful, breaches }: Outcome): void {
	const ids = new Map<string, string>();
	for (const { name, events } of setting.webhooks)
		for (const event of log) {
			const { type, seq, at } = event;
			if (events === null ? !terminalEvents.has(type) : !events.includes(type)) continue;
			const payload = JSON.stringify({ type, timestamp: at, data: { session: sessionId, seq, event } });
			const mine = arrivals.filter((arrival) => arrival.webhook === name && arrival.payload === payload);
			const [id, ...others] = [...new Set(mine.map((arrival) => arrival.id))];
			breaches.hold(id !== undefined, "W9", `${name} was never told of event ${seq}`);
			if (id === undefined) continue;
			breaches.hold(
				others.length === 0,
				"W9",
				`${name} was told of event ${seq} as ${[id, ...others].join(" and ")}`,
			);
			breaches.hold(!ids.has(id), "W9", `${id} is event ${seq} and ${ids.get(id)}`);
			ids.set(id, `${name} ${seq}`);
			breaches.hold(
				mine.length === 1 || doubtful.has(id),
				"W10",
				`${name} was told of event ${seq} ${mine.length} times`,
			);
		}
	const strange = arrivals.find(({ id }) => !ids.has(id));
	breaches.hold(
		strange === undefined,
		"W9",
		`${strange?.webhook} was told what is not in the log: ${strange?.payload}`,
	);
}

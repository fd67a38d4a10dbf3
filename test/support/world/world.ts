import type { Command } from "../../../src/consensus/commands.ts";
import { sqlStorage } from "../sql.ts";
import { makeAlarm } from "./alarm.ts";
import { makeBreaches } from "./breaches.ts";
import { makeClock } from "./clock.ts";
import type { Code } from "./code.ts";
import { makeDeadlineWatch, type DeadlineWatch } from "./deadline-watch.ts";
import { makeSteps, type Life } from "./life.ts";
import { guarded, wire, type Ground, type Machine } from "./machine.ts";
import { logOf, outcomeOf, type Outcome } from "./outcome.ts";
import { makeProvider } from "./provider.ts";
import { makeReceiver } from "./receiver.ts";
import type { Setting } from "./setting.ts";
import { makeDisk } from "./storage.ts";
import { makeWatcher, type Watcher } from "./watcher.ts";

/** By then every world is at rest (P9), whatever went wrong in it. */
const elapsedMsMax = 6 * 60 * 60 * 1000;
const ringsMax = 50_000;

type World = Ground & {
	readonly sql: SqlStorage;
	readonly logs: string[];
	readonly watchers: readonly Watcher[];
	readonly deadlines: DeadlineWatch;
	machine: Machine | null;
	/** What the person has still to do. */
	actsLeft: number;
	/** How many times somebody had to let a session go on that waits. */
	released: number;
	releasing: boolean;
};

/** Lets a world run until its session is at rest and everybody knows. */
export async function runWorld(code: Code, setting: Setting): Promise<Outcome> {
	const world = makeWorld(code, setting);
	begin(world);
	for (let rings = 0; ; rings++) {
		await drained();
		if (world.breaches.first() !== null || isOver(world)) break;
		const next = nextRing(world);
		if (rings >= ringsMax || next === null || next.atMs > elapsedMsMax) {
			world.breaches.add("W12", `after ${world.clock.elapsedMs()} ms and ${rings} rings: ${standing(world)}`);
			break;
		}
		world.clock.reach(next.atMs);
		next.ring();
		look(world);
	}
	return outcomeOf(world);
}

/** Whatever was begun has come to its next wait: promises only wait for timers here, and those are the world's. */
function drained(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

function makeWorld(code: Code, setting: Setting): World {
	const { faults } = setting;
	const sql = sqlStorage();
	const breaches = makeBreaches();
	const clock = makeClock();
	const steps = makeSteps(faults.deaths, () => died(world));
	const disk = makeDisk({ sql, steps, failed: () => world.receiver.doubt() }, faults.outages);
	const alarm = makeAlarm({ clock, steps, disk }, faults.alarms);
	const receiver = makeReceiver({ setting, clock, steps });
	const dispatched = (model: string) =>
		sql
			.exec<{ id: string }>("SELECT id FROM calls WHERE state = 'dispatched' AND model = ?", model)
			.toArray()
			.map(({ id }) => id);
	const provider = makeProvider({ setting, clock, steps, breaches, dispatched });
	const world: World = {
		code,
		setting,
		clock,
		steps,
		disk,
		alarm,
		provider,
		receiver,
		breaches,
		sql,
		logs: [],
		watchers: setting.watchers.map(({ breaksAfter }) =>
			makeWatcher({ clock, live: () => live(world), breaksAfter }),
		),
		deadlines: makeDeadlineWatch({ code, clock, breaches, slackMs: setting.slackMs }),
		machine: null,
		actsLeft: setting.acts.length,
		released: 0,
		releasing: false,
	};
	return world;
}

/** Whatever happens without the session is put on the clock; then the session is opened. */
function begin(world: World): void {
	const { clock, setting } = world;
	const { faults, acts, watchers, visitsMs } = setting;
	for (const { afterMs, byMs } of faults.clock) clock.after(afterMs, null, () => clock.set(byMs));
	for (const { afterMs, livesMs } of faults.zombies) clock.after(afterMs, null, () => supersede(world, livesMs));
	for (const [i, { afterMs }] of watchers.entries()) clock.after(afterMs, null, () => world.watchers[i]?.connect());
	if (acts.length > 0) clock.after(acts[0]?.afterMs ?? 0, null, () => act(world));
	const visit = () => {
		live(world);
		for (const watcher of world.watchers) if (clock.elapsedMs() > 0) watcher.connect();
		clock.after(visitsMs, null, visit);
	};
	clock.after(visitsMs, null, visit);
	open(world);
}

/** Sends it until it is taken, as a client does. */
function open(world: World): void {
	const { setting, clock } = world;
	const machine = live(world);
	const { team, seed } = setting;
	if (machine !== null && machine.store.state().status === "empty")
		guarded(world, machine.life, () => {
			// As the session's object does it: what could not be written is sent again.
			if (machine.webhooks.learn(setting.webhooks))
				machine.runner.submit({ type: "open", team, seed, question: "What is it?" });
		});
	if (machine === null || machine.life.state !== "alive" || machine.store.state().status === "empty")
		clock.after(againMs, null, () => open(world));
}

const againMs = 1_500;

/** The person's next act; each comes after the one before. */
function act(world: World): void {
	const { clock, setting, actsLeft } = world;
	const [next, following] = setting.acts.slice(setting.acts.length - actsLeft);
	if (next === undefined) return;
	if (!sends(world, next.command)) return clock.after(againMs, null, () => act(world));
	world.actsLeft -= 1;
	for (const watcher of world.watchers) watcher.connect();
	if (following !== undefined) clock.after(following.afterMs - clock.elapsedMs(), null, () => act(world));
}

/** Whether it was taken: where nobody confirms it the log says so. */
function sends(world: World, command: Command): boolean {
	const machine = live(world);
	if (machine === null || machine.store.state().status === "empty") return false;
	const before = logOf(world.sql).length;
	let unwritten = false;
	guarded(world, machine.life, () => {
		unwritten = machine.runner.submit(command)?.code === "unwritten";
	});
	return (machine.life.state === "alive" && !unwritten) || logOf(world.sql).length > before;
}

/** The machine of the moment; where there is none one is booted, as `#live` does. Null: it died of that. */
function live(world: World): Machine | null {
	const { machine } = world;
	if (machine !== null && machine.life.state === "alive") {
		guarded(world, machine.life, () => machine.runner.sweep());
		return machine.life.state === "alive" ? machine : null;
	}
	const life: Life = { state: "alive" };
	guarded(world, life, () => {
		const booted = wire(world, life);
		world.machine = booted;
		booted.runner.resume();
		booted.outbox.kick();
	});
	return world.machine?.life === life && life.state === "alive" ? world.machine : null;
}

/** As the object's own `alarm` does. */
function alarmRang(world: World): void {
	const times = world.alarm.rings();
	for (let time = 0; time < times; time++) {
		const waking = world.machine?.life.state !== "alive";
		if (waking && world.code.isHopeless(world.sql)) return;
		const machine = live(world);
		if (machine === null) return world.alarm.again();
		if (machine.store.state().status === "empty") return;
		guarded(world, machine.life, () => {
			machine.runner.alarm();
			machine.outbox.kick();
			machine.watchers.beat();
		});
		if (machine.life.state !== "alive") return world.alarm.again();
	}
}

function died(world: World): void {
	const { clock, watchers } = world;
	// Only after its transaction, which is rolled back in this turn.
	queueMicrotask(() => void world.logs.push(logOf(world.sql)));
	world.receiver.doubt();
	clock.after(againMs, null, () => {
		for (const watcher of watchers) watcher.connect();
	});
}

function supersede(world: World, livesMs: number): void {
	const old = world.machine;
	if (old === null || old.life.state !== "alive") return;
	world.receiver.doubt();
	old.life.state = "zombie";
	world.machine = null;
	world.clock.after(livesMs, null, () => {
		old.life.state = "dead";
		died(world);
	});
	live(world);
}

type Ring = { readonly atMs: number; readonly ring: () => void };

function nextRing(world: World): Ring | null {
	const { clock, alarm } = world;
	const [timerMs, alarmMs] = [clock.next(), alarm.next()];
	if (alarmMs !== null && (timerMs === null || alarmMs <= timerMs))
		return { atMs: alarmMs, ring: () => alarmRang(world) };
	return timerMs === null ? null : { atMs: timerMs, ring: clock.ring };
}

/** What somebody sees who looks at every moment. */
function look(world: World): void {
	const { machine, clock, actsLeft } = world;
	if (machine === null || machine.life.state !== "alive") return;
	const state = machine.store.state();
	world.deadlines.look(state, machine.store.account().lastSeq);
	const waits = state.status === "open" && state.current !== null && state.current.waiting !== null;
	if (!waits || world.releasing || actsLeft > 0 || world.released >= releasesMax) return;
	world.releasing = true;
	clock.after(releaseMs, null, () => release(world));
}

const releaseMs = 20_000;
/** A session that waits again after that is one that does not end. */
const releasesMax = 3;

function release(world: World): void {
	if (!sends(world, { type: "resume" })) return world.clock.after(againMs, null, () => release(world));
	world.releasing = false;
	world.released += 1;
}

function isOver(world: World): boolean {
	const { machine, actsLeft } = world;
	if (actsLeft > 0 || machine === null || machine.life.state !== "alive") return false;
	const state = machine.store.state();
	if (state.status !== "open" || state.current !== null || state.queue.length > 0) return false;
	if (machine.runner.storage().state === "failing" || machine.outbox.wakes().length > 0) return false;
	const { lastSeq } = machine.store.account();
	return world.watchers.every(({ lines }) => lines.length >= lastSeq);
}

function standing({ machine, actsLeft, watchers, alarm }: World): string {
	if (machine === null) return "no machine";
	const { life, store, runner, outbox } = machine;
	const known = { life: life.state, calls: runner.calls(), storage: runner.storage(), wakes: outbox.wakes().length };
	const read = watchers.map(({ lines }) => lines.length);
	return JSON.stringify({ ...known, seq: store.account().lastSeq, actsLeft, read, alarm: alarm.next() });
}

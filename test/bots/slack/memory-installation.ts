import { migrate } from "../../../durable-objects/store/migrations.ts";
import * as lanes from "../../../durable-objects/installation/lanes.ts";
import * as notes from "../../../durable-objects/installation/notes.ts";
import type { Inbound, InstallationRpc } from "../../../durable-objects/installation/rpc.ts";
import * as runs from "../../../durable-objects/installation/runs.ts";
import { sqlStorage } from "../../support/sql.ts";

export type MemoryInstallation = InstallationRpc & {
	/** What was accepted, each key once. */
	readonly accepted: Inbound[];
	/** What `accept` answers or throws from now on, instead. */
	acceptAs: "full" | "throw" | null;
	purged: number;
};

/** A workspace's object without its outbox: its tables are the real ones. */
function memoryInstallation(now: () => number): MemoryInstallation {
	const sql = sqlStorage();
	migrate(sql, { notes: notes.noteSteps, lanes: lanes.laneSteps, runs: runs.runSteps });
	const installation: MemoryInstallation = {
		accepted: [],
		acceptAs: null,
		purged: 0,
		accept: async (inbound) => {
			if (installation.acceptAs === "throw") throw new Error("the object is gone");
			if (installation.acceptAs === "full") return "full";
			if (installation.accepted.some(({ key }) => key === inbound.key)) return "known";
			installation.accepted.push(inbound);
			return "new";
		},
		keep: async (note) => notes.keep(sql, note, now()),
		kept: async (kind, key) => notes.kept(sql, { kind, key }, now()),
		newest: async (kind, limit) => notes.newest(sql, { kind, limit }, now()),
		drop: async (kind, key) => notes.drop(sql, kind, key),
		turn: async (lane) => lanes.turn(sql, lane, now()),
		pause: async (name, forMs) => lanes.pause(sql, { name, forMs }, now()),
		admit: async (run) => runs.admit(sql, run, now()),
		ended: async (run, usd) => runs.ended(sql, { run, usd }, now()),
		purge: async () => void (installation.purged += 1),
	};
	return installation;
}

/** By name, each made when it is first asked for. */
export function memoryInstallations(now: () => number): (name: string) => MemoryInstallation {
	const made = new Map<string, MemoryInstallation>();
	return (name) => {
		const found = made.get(name) ?? memoryInstallation(now);
		made.set(name, found);
		return found;
	};
}

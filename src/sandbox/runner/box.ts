import type { Host } from "./confine.ts";
import type { Defences } from "./defences.ts";
import type { EgressSocket, World } from "./egress.ts";
import type { Group, Groups } from "./groups.ts";
import type { Ring } from "./ring.ts";
import type { Running } from "./running.ts";
import type { RunnerSettings } from "./settings.ts";
import type { foldersOf, SavedCommand, SavedSandbox } from "./store.ts";

/** One sandbox on this host: its workspace, its user, its groups, its way out and its commands. */
export type Box = {
	readonly id: string;
	readonly saved: SavedSandbox;
	readonly folders: ReturnType<typeof foldersOf>;
	readonly uid: number | null;
	readonly group: Group;
	readonly egress: EgressSocket | null;
	readonly tasks: Map<string, Task>;
	/** What reads and writes its files just now. */
	readonly guests: Set<Running>;
	usedAtMs: number;
};

/** What all parts of the runner need. */
export type Ground = {
	readonly settings: RunnerSettings;
	readonly host: Host;
	readonly groups: Groups;
	readonly world: World;
	readonly defences: Defences;
	readonly now: () => number;
};

/** A command that was started here once, whether it runs or not. */
export type Task = {
	saved: SavedCommand;
	/** Null once it has ended and its output is on disk. */
	running: (Running & { readonly ring: Ring }) | null;
	/** Who waits for more of its output, or for its end. */
	readonly waiting: Set<() => void>;
};

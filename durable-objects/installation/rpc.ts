/**
 * What an installation of our app on a chat platform offers to that platform's bot: a Slack workspace, a Discord server, and
 * one for each app as a whole. Additive only: old and new code run side by side for a while.
 */
export type InstallationRpc = {
	/**
	 * Commits what the platform sent before it is acknowledged; the bot works on it from then on, whatever happens. `known`:
	 * it came before. `full`: so much waits already that it has to be sent again later.
	 */
	accept(inbound: Inbound): Promise<"new" | "known" | "full">;
	/** Keeps a value in place of what stands under its kind and key. */
	keep(note: Note): Promise<void>;
	/** Null where there is none, or its time is over. */
	kept(kind: string, key: string): Promise<string | null>;
	/** So many of a kind, the last kept first. */
	newest(kind: string, limit: number): Promise<readonly { readonly key: string; readonly value: string }[]>;
	drop(kind: string, key: string): Promise<void>;
	/** Takes a turn in this lane: 0, or the milliseconds to wait before asking again, and then nothing was taken. */
	turn(lane: Lane): Promise<number>;
	/** Nobody gets a turn in this lane for so long. */
	pause(lane: string, forMs: number): Promise<void>;
	/** Whether a person may start a run now. The same run is asked for as often as one likes. */
	admit(run: WantedRun): Promise<Admission>;
	/** A run is over; `usd` null: nobody knows what it cost. */
	ended(run: string, usd: number | null): Promise<void>;
	/** The app was removed: everything about this installation is deleted. */
	purge(): Promise<void>;
};

/** `key` is the same at every delivery of the same thing. What has the same `place` is worked on in the order it came. */
export type Inbound = {
	readonly kind: "slack" | "discord";
	readonly key: string;
	readonly place: string;
	readonly payload: string;
};

/** Something a bot has to remember; secrets among it are sealed by the bot. */
export type Note = { readonly kind: string; readonly key: string; readonly value: string; readonly forMs: number };

/** So many turns a minute, and so many at once after a pause. `spared`: how many are left to those who spare none. */
export type Lane = {
	readonly name: string;
	readonly perMinute: number;
	readonly burst: number;
	readonly spared?: number;
};

export type WantedRun = {
	readonly run: string;
	readonly user: string;
	readonly atOnceMax: number;
	readonly perUserDayMax: number;
	/** US dollars a day over all of the installation's runs. */
	readonly usdPerDayMax: number;
};

/** `day` is any 24 hours. `resetsAtMs`: when it may be tried again at the earliest, as far as that is known. */
export type Admission =
	| { readonly ok: true }
	| {
			readonly ok: false;
			readonly limit: "runs_at_once" | "user_runs_per_day" | "usd_per_day";
			readonly resetsAtMs: number | null;
	  };

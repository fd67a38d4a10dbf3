import type { Abilities, Outcome, SandboxKey, SandboxSpec } from "../sandbox.ts";

/** A service that lends machines and runs commands on them, and knows nothing of keys or cursors. */
export type Provider = {
	readonly abilities: Abilities;
	/** All machines that were made under this key, the oldest first; more than one where two made them at once. */
	readonly find: (key: SandboxKey, signal: AbortSignal) => Promise<Outcome<readonly Machine[]>>;
	/** `digest` is found again on the machine. */
	readonly make: (key: SandboxKey, spec: SandboxSpec, options: MakeOptions) => Promise<Outcome<Machine>>;
	/** Also where it is gone already. */
	readonly remove: (id: string, signal: AbortSignal) => Promise<Outcome<null>>;
};

export type MakeOptions = { readonly digest: string; readonly signal: AbortSignal };

/** Of a machine whose maker was gone before it could say what it is: it is whatever is asked for. */
export const unmarked = "";

export type Machine = {
	readonly id: string;
	/** Of its spec. */
	readonly digest: string;
	/** Runs it where its user is at home, to its end, which is within `waitMs`, and counts as using the machine. */
	readonly exec: (argv: readonly string[], waitMs: number, signal: AbortSignal) => Promise<Outcome<Ran>>;
	/** Writes a file, by its path from there, with the folders above it. */
	readonly write: (path: string, bytes: Uint8Array, signal: AbortSignal) => Promise<Outcome<null>>;
};

export type Ran = { readonly code: number; readonly stdout: string };

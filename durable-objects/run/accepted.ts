import type { Refusal } from "../../src/consensus/commands.ts";
import type { Unwritten } from "./disk.ts";
import type { Accepted } from "../rpc.ts";

/** What whoever sent a command is told of it. */
export function accepted(refusal: Refusal | Unwritten | null): Accepted {
	return refusal === null ? { ok: true } : { ok: false, code: codes[refusal.code], detail: refusal.detail };
}

const codes = {
	unwritten: "unavailable",
	unknown_agent: "bad_agent",
	not_open: "not_found",
	already_open: "conflict",
	no_turn: "conflict",
	queue_full: "conflict",
	files_full: "conflict",
} as const satisfies Record<(Refusal | Unwritten)["code"], Exclude<Accepted, { ok: true }>["code"]>;

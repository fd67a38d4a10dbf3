import type { Refused } from "./rest.ts";

/** What a refusal means: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export type Refusal =
	/** The interaction's token: over, revoked or never taken. */
	| "token"
	/** The message, or its card, was deleted. */
	| "message"
	/** We may not write there, or it is not there any more. */
	| "place"
	/** Our own fault: not what Discord takes. */
	| "form"
	/** This one message takes no more edits, or this interaction no more messages. */
	| "enough"
	| "bot"
	| "other";

const meanings: Readonly<Partial<Record<number, Refusal>>> = {
	10_003: "place",
	10_004: "place",
	10_008: "message",
	10_015: "token",
	10_062: "token",
	30_046: "enough",
	40_005: "form",
	40_094: "enough",
	50_001: "place",
	50_006: "form",
	50_007: "place",
	50_013: "place",
	50_024: "place",
	50_027: "token",
	50_035: "form",
	50_083: "place",
	50_278: "place",
};

/** `as`: with whose credential it was asked. */
export function refusalOf({ status, code }: Refused, as: "bot" | "interaction"): Refusal {
	const known = meanings[code];
	if (known !== undefined) return known;
	if (as === "interaction") return status === 401 || status === 404 ? "token" : "other";
	return status === 401 ? "bot" : status === 403 || status === 404 ? "place" : "other";
}

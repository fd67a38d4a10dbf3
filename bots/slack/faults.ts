import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";

/** What went wrong with a call to Slack. */
export type Fault =
	/** It takes no more at the moment; nothing was done. */
	| { readonly kind: "busy"; readonly afterMs: number }
	/** Nobody knows whether it was done. */
	| { readonly kind: "unknown"; readonly reason: string }
	/** Slack's word for why it was not done. */
	| { readonly kind: "refused"; readonly word: string };

export type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** The fault that an error of Slack's client is; null for one of ours. */
export function faultOf(error: unknown): Fault | null {
	if (error instanceof WebAPIRateLimitedError) return { kind: "busy", afterMs: error.retryAfter * 1000 };
	if (error instanceof WebAPIPlatformError) return refusal(error.data.error);
	if (error instanceof WebAPIHTTPError) return { kind: "unknown", reason: `Slack answered ${error.statusCode}` };
	if (error instanceof WebAPIRequestError) return { kind: "unknown", reason: "Slack could not be reached" };
	return null;
}

function refusal(word: string): Fault {
	if (word === "ratelimited") return { kind: "busy", afterMs: 30_000 };
	return itsOwn.has(word) ? { kind: "unknown", reason: `Slack failed: ${word}` } : { kind: "refused", word };
}

/** Slack's own faults: it may have done what it was asked for. */
const itsOwn: ReadonlySet<string> = new Set([
	"fatal_error",
	"internal_error",
	"service_unavailable",
	"request_timeout",
	"team_added_to_org",
]);

/** What is done about a refusal; a word that stands nowhere here means that nothing helps. */
export type Remedy = "plain" | "anew" | "elsewhere" | "refresh" | "disable" | "none";

/** `none` for a word that we do not know: it is told as it is. */
export function remedyOf(word: string): Remedy {
	return remedies[word] ?? "none";
}

const remedies: Readonly<Record<string, Remedy>> = {
	msg_too_long: "plain",
	msg_blocks_too_long: "plain",
	invalid_blocks: "plain",
	invalid_blocks_format: "plain",
	invalid_metadata_format: "plain",
	message_not_found: "anew",
	cant_update_message: "anew",
	edit_window_closed: "anew",
	streaming_state_conflict: "anew",
	channel_not_found: "elsewhere",
	not_in_channel: "elsewhere",
	is_archived: "elsewhere",
	restricted_action: "elsewhere",
	restricted_action_thread_only_channel: "elsewhere",
	thread_not_found: "elsewhere",
	token_expired: "refresh",
	token_revoked: "disable",
	account_inactive: "disable",
	invalid_auth: "disable",
	not_authed: "disable",
	org_login_required: "disable",
};

/** How a row of an outbox ends with this fault, where nothing else is done about it. */
export function outcomeOf(fault: Fault): Delivered {
	switch (fault.kind) {
		case "busy":
			return { outcome: "wait", afterMs: fault.afterMs, reason: "Slack takes no more at the moment" };
		case "unknown":
			return { outcome: "retry", afterMs: null, reason: fault.reason };
		case "refused":
			return { outcome: "dead", reason: `Slack refused it: ${fault.word}` };
	}
}

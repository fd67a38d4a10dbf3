import type { CallStage } from "../src/backends/backend.ts";
import type { PaceView } from "../src/backends/pace/paced.ts";
import type { AnswerId, CallId, CountedVote, Dissent, FileRef, NewFile, TallyRow } from "../src/consensus/events.ts";
import type { Receipt } from "../src/consensus/receipt.ts";
import type { AgentId, Budget, Team } from "../src/consensus/team.ts";

/** What the objects offer to the API. Additive only: old and new code run side by side for a while. */

export type SessionStatus = "running" | "waiting" | "done" | "failed" | "cancelled";

/** One turn as the contract shows it. `consensus`, `agreement`, ... are null until there is a result. */
export type TurnSummary = {
	readonly question: string;
	/** There only where there are some. */
	readonly attachments?: readonly FileRef[];
	readonly status: "running" | "done" | "failed" | "cancelled";
	readonly answer: string | null;
	readonly consensus: boolean | null;
	readonly agreement: number | null;
	readonly winner: { readonly agent: AgentId; readonly answer: AnswerId } | null;
	readonly tally: readonly TallyRow[];
	readonly votes: readonly CountedVote[];
	readonly dissent: Dissent | null;
	readonly attempts: number;
	readonly reasons: readonly { readonly agent: AgentId; readonly code: string; readonly message: string }[];
};

/** Tokens over all calls of the session; a figure no provider reported counts as nothing. */
export type UsageTotal = {
	readonly input: number;
	readonly output: number;
	readonly cached: number;
	readonly reasoning: number;
	readonly written: number;
};

/** `share`: the cached part of the input, from 0 to 1; null before any input was counted. */
export type CacheTotal = {
	readonly share: number | null;
	/** Null once a cache was used at a price that nobody knows. */
	readonly saved_usd: number | null;
};

/** A call under way; `agent` is null for the judge's. */
export type OpenCall = { readonly call: CallId; readonly agent: AgentId | null; readonly state: CallStage };

/** `failing`: the disk takes no writes, so what came since is in memory only, no call starts, and it is tried again. */
export type StorageState =
	| { readonly state: "ok" }
	| { readonly state: "failing"; readonly since: string; readonly detail: string };

/** What only memory knows: nothing of it is under way while no turn runs, or right after a restart. */
export type Underway = {
	readonly calls: readonly OpenCall[];
	readonly pace: PaceView;
	/** Every object of today tells it. */
	readonly storage?: StorageState;
};

export type SessionSummary = Underway & {
	readonly id: string;
	readonly status: SessionStatus;
	readonly waiting_for: null | "person" | "suspended" | "budget";
	readonly team: Team;
	readonly turns: readonly TurnSummary[];
	readonly queued: readonly string[];
	readonly usage: UsageTotal;
	readonly cache: CacheTotal;
	/** Null when the price of some call is unknown. */
	readonly cost_usd: number | null;
	readonly last_seq: number;
	/** There only where something is pending or dead. */
	readonly deliveries?: Deliveries;
};

/** What leaves a session for third parties: how much waits, and what was given up. Its address is a name, never a secret. */
export type Deliveries = {
	readonly pending: number;
	readonly dead: readonly {
		readonly id: string;
		readonly kind: string;
		readonly address: string;
		readonly reason: string;
		readonly at: string;
	}[];
};

/** What a session has to know of a webhook; `events` is null for those that end a turn. */
export type Subscription = { readonly name: string; readonly events: readonly string[] | null };

/** A webhook as it is shown: without its secret. `disabled` says why nothing is sent to it any more. */
export type WebhookRow = Subscription & {
	readonly url: string;
	readonly disabled: string | null;
	readonly created_at: string;
};

/** Where to send and how to sign, as it stands right now. */
export type WebhookTarget = Pick<WebhookRow, "url" | "disabled"> & { readonly secret: string };

/** A page of a receipt's calls, oldest first, with the totals of the whole session. */
export type ReceiptPage = Receipt & { readonly id: string; readonly cursor: string | null };

export type SteerCommand =
	| { readonly action: "note"; readonly text: string }
	| { readonly action: "answer_now" }
	| { readonly action: "drop_agent"; readonly agent: AgentId }
	| { readonly action: "budget"; readonly budget: Budget }
	| { readonly action: "cancel" }
	/** Lets a session go on that waits. */
	| { readonly action: "resume" };

/**
 * `conflict`: the session's state does not allow it now; `detail` says why and what would. `unavailable`: it could not be
 * written; nothing was changed, and it may be sent again.
 */
export type Accepted =
	| { readonly ok: true }
	| {
			readonly ok: false;
			readonly code: "not_found" | "conflict" | "bad_agent" | "unavailable";
			readonly detail: string;
	  };

export type SessionOpening = {
	readonly id: string;
	readonly team: Team;
	readonly question: string;
	readonly attachments?: readonly NewFile[];
	readonly webhooks?: readonly Subscription[];
};

/** One session (`durable-objects/session.ts`). Its `fetch` serves the events: SSE, or WebSocket on `Upgrade`. */
export type SessionRpc = {
	/** Idempotent: a second `open` of the same session changes nothing. */
	open(input: SessionOpening): Promise<Accepted>;
	/** Null where no such session was ever opened, or it was deleted. */
	summary(): Promise<SessionSummary | null>;
	/** What each call cost and changed, so many of them `after` the first ones; null where there is no such session. */
	receipt(page: { readonly limit: number; readonly after: number }): Promise<ReceiptPage | null>;
	/** P16: a message while a turn runs is queued, at most 8. `webhooks` are those of its tenant from now on. */
	send(message: string, attachments?: readonly NewFile[], webhooks?: readonly Subscription[]): Promise<Accepted>;
	/** A file that the log names; null for any other. At most 8 MiB, well below what one RPC may carry (32 MiB). */
	file(file: string): Promise<NewFile | null>;
	steer(command: SteerCommand): Promise<Accepted>;
	/** Sends once more what was given up. */
	redeliver(id: string): Promise<Accepted>;
	/** Aborts its calls, closes its watchers and deletes everything. */
	destroy(): Promise<void>;
	/**
	 * `GET ?from=N` or `Last-Event-ID: N`; 404 where there is no such session. `POST` with what `open` takes as JSON opens it
	 * first, which spares a call; 409 with its `Accepted` where that is refused. Objects of before take it for a `GET`.
	 */
	fetch(request: Request): Promise<Response>;
};

export type SessionRow = {
	readonly id: string;
	readonly title: string;
	readonly team: string;
	readonly status: SessionStatus;
	readonly created_at: string;
	readonly updated_at: string;
};

/** Index of one tenant's sessions, teams and idempotency keys (`durable-objects/tenant.ts`). */
export type TenantRpc = {
	/**
	 * Reserves a session id, or gives the one an earlier request with this idempotency key made. `conflict`: the key was
	 * used with another body. `fingerprint` is a hash of the request body.
	 */
	reserve(input: {
		readonly id: string;
		readonly title: string;
		readonly team: string;
		readonly idempotencyKey: string | null;
		readonly fingerprint: string;
	}): Promise<
		| {
				readonly outcome: "new" | "known";
				readonly id: string;
				/** There only where there are some. */
				readonly webhooks?: readonly Subscription[];
		  }
		| { readonly outcome: "conflict" }
	>;
	/** Newest first. `cursor` is what the page before returned. */
	list(page: {
		readonly limit: number;
		readonly cursor: string | null;
	}): Promise<{ readonly sessions: readonly SessionRow[]; readonly cursor: string | null }>;
	/** With the tenant's webhooks where there are some, which a session is told at each message. */
	row(id: string): Promise<(SessionRow & { readonly webhooks?: readonly Subscription[] }) | null>;
	rename(id: string, title: string): Promise<SessionRow | null>;
	forget(id: string): Promise<boolean>;
	/** Called by a session whenever its status changed. */
	touch(id: string, status: SessionStatus): Promise<void>;
	/** Every session not yet at rest, so that a server started again can wake them. */
	unfinished(): Promise<readonly string[]>;
	/** Teams as they were put: the contract's JSON, already validated. */
	team(name: string): Promise<Team | null>;
	/** `conflict`: there are as many teams as there may be. */
	putTeam(name: string, team: Team): Promise<Accepted>;
	dropTeam(name: string): Promise<boolean>;
	teams(): Promise<readonly Team[]>;
	webhooks(): Promise<readonly WebhookRow[]>;
	/** `secret` null keeps the one it has, and a new webhook gets a fresh one. Answers with the secret where it is a new one. */
	putWebhook(webhook: {
		readonly name: string;
		readonly url: string;
		readonly events: readonly string[] | null;
		readonly secret: string | null;
	}): Promise<
		| { readonly ok: true; readonly webhook: WebhookRow; readonly secret: string | null }
		| Exclude<Accepted, { ok: true }>
	>;
	dropWebhook(name: string): Promise<boolean>;
	webhookTarget(name: string): Promise<WebhookTarget | null>;
	/** Nothing is sent to this address any more, until the webhook is put again. */
	disableWebhook(webhook: { readonly name: string; readonly url: string; readonly reason: string }): Promise<void>;
};

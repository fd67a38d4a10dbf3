import type { CallStage } from "../src/backends/backend.ts";
import type { SealedKeys } from "../src/backends/keyring.ts";
import type { PaceView } from "../src/backends/pace/paced.ts";
import type { AnswerId, CallId, CountedVote, Dissent, FileRef, NewFile, TallyRow } from "../src/consensus/events.ts";
import type { TurnWhatIfs } from "../src/consensus/counterfactuals.ts";
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

/**
 * Where a turn was asked on a chat platform, and is shown: `address` is a name that the platform's bot understands, never a
 * secret, and another one for each message.
 */
export type ChatTarget = { readonly kind: "slack" | "discord"; readonly address: string };

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

/** Events, each as its JSON; `next` is where the next page begins, null where this one is the last. */
export type LogPage = { readonly lines: readonly string[]; readonly next: number | null };

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
	readonly chat?: ChatTarget;
	/** The version of the tenant's stored keys; there only where some were ever stored. */
	readonly keys?: number;
};

/** One session (`durable-objects/session.ts`). Its `fetch` serves the events: SSE, or WebSocket on `Upgrade`. */
export type SessionRpc = {
	/** Idempotent: a second `open` of the same session changes nothing. */
	open(input: SessionOpening): Promise<Accepted>;
	/** Null where no such session was ever opened, or it was deleted. */
	summary(): Promise<SessionSummary | null>;
	/** What the log has from this event on, some of it: as the owner may see it, or whoever has a link. Null: no such session. */
	log(page: { readonly from: number; readonly audience: "owner" | "guests" }): Promise<LogPage | null>;
	/** What each call cost and changed, so many of them `after` the first ones; null where there is no such session. */
	receipt(page: { readonly limit: number; readonly after: number }): Promise<ReceiptPage | null>;
	/** What else could have been decided; null where there is no such session. */
	counterfactuals(): Promise<readonly TurnWhatIfs[] | null>;
	/**
	 * P16: a message while a turn runs is queued, at most 8. `webhooks` are those of its tenant from now on. One whose `chat`
	 * target is known was sent before and changes nothing. `keys` are the version of its tenant's stored keys from now on.
	 */
	send(
		message: string,
		attachments?: readonly NewFile[],
		webhooks?: readonly Subscription[],
		beside?: { readonly chat?: ChatTarget; readonly keys?: number },
	): Promise<Accepted>;
	/** A file that the log names; null for any other. At most 8 MiB, well below what one RPC may carry (32 MiB). */
	file(file: string): Promise<NewFile | null>;
	steer(command: SteerCommand): Promise<Accepted>;
	/** Sends once more what was given up. */
	redeliver(id: string): Promise<Accepted>;
	/** This link is gone: whoever watches with it is let go at once. Twice is as good as once. */
	endShare(share: string): Promise<void>;
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

/** A link to a session as its owner sees it: its token is known to whom it was given. `expires_at` null: until it is ended. */
export type ShareRow = {
	readonly id: string;
	readonly created_at: string;
	readonly expires_at: string | null;
};

/** What a token opens. */
export type SharedRow = Pick<SessionRow, "id" | "title" | "created_at"> & { readonly share: ShareRow };

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
				/** The version of its stored keys; there only where some were ever stored. */
				readonly keys?: number;
		  }
		| { readonly outcome: "conflict" }
	>;
	/** Newest first. `cursor` is what the page before returned. `q`: only those with this in their title, in whatever case. */
	list(page: {
		readonly limit: number;
		readonly cursor: string | null;
		readonly q?: string;
	}): Promise<{ readonly sessions: readonly SessionRow[]; readonly cursor: string | null }>;
	/** With what of the tenant's a session is told at each message: webhooks and the version of stored keys, where there are some. */
	row(
		id: string,
	): Promise<(SessionRow & { readonly webhooks?: readonly Subscription[]; readonly keys?: number }) | null>;
	rename(id: string, title: string): Promise<SessionRow | null>;
	forget(id: string): Promise<boolean>;
	/** Of the token only its digest is kept. `conflict`: there are as many links to the session as there may be. */
	share(share: {
		readonly session: string;
		readonly digest: string;
		/** Null: until it is ended. */
		readonly seconds: number | null;
	}): Promise<{ readonly ok: true; readonly share: ShareRow } | Exclude<Accepted, { ok: true }>>;
	/** Those that still open, newest first. */
	shares(session: string): Promise<readonly ShareRow[]>;
	unshare(share: { readonly session: string; readonly id: string }): Promise<"ended" | "before" | "never">;
	/** What a token of this digest opens now; null for none that was ever given, and none that has expired or was ended. */
	shared(digest: string): Promise<SharedRow | null>;
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
	/** Keys of providers, sealed. `conflict`: there are as many as there may be. */
	putKey(key: SealedKeys["keys"][number]): Promise<Accepted>;
	dropKey(backend: string): Promise<boolean>;
	sealedKeys(): Promise<SealedKeys>;
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

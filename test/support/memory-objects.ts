import { migrate } from "../../durable-objects/store/migrations.ts";
import * as register from "../../durable-objects/tenant/register.ts";
import type {
	Accepted,
	ChatTarget,
	SessionRpc,
	SessionSummary,
	SteerCommand,
	Subscription,
	TenantRpc,
} from "../../durable-objects/rpc.ts";
import { receiptOf } from "../../src/consensus/receipt.ts";
import type { NewFile } from "../../src/consensus/events.ts";
import type { Team } from "../../src/consensus/team.ts";
import * as keys from "../../durable-objects/tenant/keys.ts";
import * as links from "../../durable-objects/tenant/shares.ts";
import * as hooks from "../../durable-objects/tenant/subscriptions.ts";
import { sqlStorage, transactionOn } from "./sql.ts";

/** A tenant in memory: the register itself on a SQLite in memory, with a clock that the test turns. */
export function memoryTenant(clock: { nowMs: number } = { nowMs: 0 }, sql: SqlStorage = sqlStorage()): TenantRpc {
	const whole = transactionOn(sql);
	const parts = { webhooks: hooks.subscriptionSteps, shares: links.shareSteps, keys: keys.keySteps };
	migrate(sql, { register: register.registerSteps, ...parts });
	const toldOf = () => ({ ...hooks.subscriptions(sql), ...keys.keysTold(sql) });
	return {
		reserve: async (input) => ({
			...whole(() => register.reserve(sql, input, clock.nowMs)),
			...toldOf(),
		}),
		list: async (page) => register.list(sql, page),
		row: async (id) => {
			const row = register.row(sql, id);
			return row === null ? null : { ...row, ...toldOf() };
		},
		rename: async (id, title) => register.rename(sql, { id, title }, clock.nowMs),
		forget: async (id) =>
			whole(() => {
				links.forgetShares(sql, id);
				return register.forget(sql, id);
			}),
		share: async (share) => whole(() => links.share(sql, share, clock.nowMs)),
		shares: async (session) => links.shares(sql, session, clock.nowMs),
		unshare: async (share) => links.unshare(sql, share),
		shared: async (digest) => links.shared(sql, digest, clock.nowMs),
		touch: async (id, status) => register.touch(sql, { id, status }, clock.nowMs),
		unfinished: async () => register.unfinished(sql),
		team: async (name) => register.team(sql, name),
		putTeam: async (name, team) => register.putTeam(sql, name, team),
		dropTeam: async (name) => register.dropTeam(sql, name),
		teams: async () => register.teams(sql),
		putKey: async (key) => whole(() => keys.putKey(sql, key)),
		dropKey: async (backend) => whole(() => keys.dropKey(sql, backend)),
		sealedKeys: async () => keys.sealedKeys(sql),
		webhooks: async () => hooks.webhooks(sql),
		putWebhook: async (webhook) => hooks.putWebhook(sql, { ...webhook, fresh: freshSecret }, clock.nowMs),
		dropWebhook: async (name) => hooks.dropWebhook(sql, name),
		webhookTarget: async (name) => hooks.webhookTarget(sql, name),
		disableWebhook: async (webhook) => hooks.disableWebhook(sql, webhook),
	};
}

/** What every webhook in memory gets that brings no secret. */
export const freshSecret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;

export type Asked = {
	readonly id: string;
	readonly question: string;
	readonly team: Team;
	/** All that was ever sent with its messages; there only where something was. */
	readonly attachments?: readonly NewFile[];
	readonly messages: readonly string[];
	readonly steered: readonly SteerCommand[];
	/** The webhooks it was told of last; there only where it was told of some. */
	readonly webhooks?: readonly Subscription[];
	/** Where its turns were asked; there only where some were asked in a chat. */
	readonly chats?: readonly ChatTarget[];
	/** The version of stored keys that it was told of last; there only where it was told of some. */
	readonly keys?: number;
	/** Links that were ended; there only where some were. */
	readonly ended?: readonly string[];
};
export type MemorySessions = {
	readonly session: (id: string) => SessionRpc;
	/** Every session opened and not destroyed, with what it was told, in order. */
	readonly opened: () => readonly Asked[];
};

const queueMax = 8;

/** Sessions that only write down what they were told; their events are what `serve` makes of the request. */
export function memorySessions(
	serve: (id: string, request: Request) => Response = () => new Response(null),
): MemorySessions {
	const sessions = new Map<string, Asked>();
	const told = (id: string, change: (asked: Asked) => Asked | Accepted): Accepted => {
		const asked = sessions.get(id);
		if (asked === undefined) return { ok: false, code: "not_found", detail: `There is no session \`${id}\`.` };
		const after = change(asked);
		if ("ok" in after) return after;
		sessions.set(id, after);
		return { ok: true };
	};
	const session = (id: string): SessionRpc => ({
		open: async ({ question, team, attachments = [], webhooks = [], chat, keys: version }) => {
			const beside = {
				...(webhooks.length > 0 && { webhooks }),
				...(version !== undefined && { keys: version }),
				...(chat && { chats: [chat] }),
			};
			const asked = { id, question, team, messages: [], steered: [], ...beside };
			if (!sessions.has(id)) sessions.set(id, attachments.length === 0 ? asked : { ...asked, attachments });
			return { ok: true };
		},
		summary: async () => summaryOf(sessions.get(id)),
		log: async () => (sessions.has(id) ? { lines: [], next: null } : null),
		receipt: async () => {
			const asked = sessions.get(id);
			return asked === undefined ? null : { id, ...receiptOf([]), cursor: null };
		},
		counterfactuals: async () => (sessions.has(id) ? [] : null),
		send: async (...[message, attachments = [], webhooks = [], { chat, keys: version } = {}]) =>
			told(id, ({ webhooks: _before, ...asked }) => {
				if (asked.messages.length >= queueMax) return queueFull;
				const beside = {
					...(webhooks.length > 0 && { webhooks }),
					...(version !== undefined && { keys: version }),
					...(chat !== undefined && { chats: [...(asked.chats ?? []), chat] }),
				};
				const said = { ...asked, ...beside, messages: [...asked.messages, message] };
				const sent = [...(asked.attachments ?? []), ...attachments];
				return sent.length === 0 ? said : { ...said, attachments: sent };
			}),
		// Numbered as a session does it.
		file: async (file) => sessions.get(id)?.attachments?.[Number(file.slice(1)) - 1] ?? null,
		steer: async (command) =>
			told(id, (asked) =>
				isStranger(asked, command) ? badAgent : { ...asked, steered: [...asked.steered, command] },
			),
		redeliver: async (delivery) =>
			delivery === "msg_dead"
				? { ok: true }
				: { ok: false, code: "not_found", detail: "There is no such dead delivery." },
		endShare: async (share) => void told(id, (asked) => ({ ...asked, ended: [...(asked.ended ?? []), share] })),
		destroy: async () => void sessions.delete(id),
		fetch: async (request) => serve(id, request),
	});
	return { session, opened: () => [...sessions.values()] };
}

const queueFull: Accepted = {
	ok: false,
	code: "conflict",
	detail: "Eight messages wait already; send the next one when a turn has ended.",
};
const badAgent: Accepted = { ok: false, code: "bad_agent", detail: "is not an agent of this team" };

function isStranger({ team }: Asked, command: SteerCommand): boolean {
	return command.action === "drop_agent" && !team.agents.some(({ id }) => id === command.agent);
}

function summaryOf(asked: Asked | undefined): SessionSummary | null {
	if (asked === undefined) return null;
	const turn = {
		question: asked.question,
		status: "running",
		answer: null,
		consensus: null,
		agreement: null,
		winner: null,
		tally: [],
		votes: [],
		dissent: null,
		attempts: 1,
		reasons: [],
	} as const;
	const usage = { input: 0, output: 0, cached: 0, reasoning: 0, written: 0 };
	return {
		id: asked.id,
		status: "running",
		waiting_for: null,
		team: asked.team,
		turns: [turn],
		queued: asked.messages,
		usage,
		cache: { share: null, saved_usd: 0 },
		cost_usd: 0,
		last_seq: 2,
		calls: [],
		pace: { waiting_for_headers: { max: 6, taken: 0, queued: 0 }, hosts: [] },
	};
}

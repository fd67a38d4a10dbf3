import type { SessionEvent } from "../../src/consensus/events.ts";
import { taken } from "../run/disk.ts";
import { migrate } from "../store/migrations.ts";
import type { ChatTarget } from "../rpc.ts";
import type { Database } from "../store/store.ts";
import type { Outgoing } from "./outbox-rows.ts";

/** Which turn was asked where on a chat platform: enough to say at a commit what is to be shown there. */
export type Chats = {
	/**
	 * This turn was asked there. `known`: another one was asked in the same words' place already, so the same message has
	 * come twice. `unwritten`: the disk did not take it.
	 */
	readonly asked: (turn: number, target: ChatTarget) => "new" | "known" | "unwritten";
	/** It was not taken after all. */
	readonly dropped: (turn: number) => void;
	/** What these events of `turn` (counted before them) have shown where. */
	readonly outgoing: (
		events: readonly SessionEvent[],
		from: { turn: number; firstSeq: number },
	) => readonly Outgoing[];
};

/** What stands in a row of the outbox: a platform's deliverer reads the session up to `seq` and renders it. */
export type ChatPayload = {
	readonly session: string;
	readonly turn: number;
	/** `card`: the one message that shows how it goes, edited in place. `final`: the message that alone notifies. */
	readonly what: "card" | "final";
	/** The last event that it shows at least. */
	readonly seq: number;
};

/** A card is edited at most so often: platforms count edits, and nobody reads faster. */
const cardEveryMs = 2000;
/** Turns of one session that were asked in a chat; the oldest are forgotten. */
export const askedMax = 100;

const chatSteps: readonly string[] = [
	"CREATE TABLE chats (turn INTEGER PRIMARY KEY, kind TEXT NOT NULL, address TEXT NOT NULL, UNIQUE (kind, address))",
];

/** The places that this session's turns were asked in. Its table is made with the first one. */
export function openChats({ sql, transaction }: Database, session: string): Chats {
	let known = exists() ? read() : [];
	return {
		asked: (turn, target) => {
			const twice = known.some(({ kind, address }) => kind === target.kind && address === target.address);
			if (twice) return "known";
			if (!taken(() => transaction(() => write(turn, target)))) return "unwritten";
			known = [...known, { turn, ...target }].slice(-askedMax);
			return "new";
		},
		dropped: (turn) => {
			known = known.filter((asked) => asked.turn !== turn);
			sql.exec("DELETE FROM chats WHERE turn = ?", turn);
		},
		outgoing: (events, { turn, firstSeq }) => {
			if (known.length === 0) return [];
			return shownOf(events, { turn, firstSeq }).flatMap((payload) => {
				const target = known.find((asked) => asked.turn === payload.turn);
				return target === undefined ? [] : [row(target, payload)];
			});
		},
	};

	function row({ kind, address }: ChatTarget, shown: Omit<ChatPayload, "session">): Outgoing {
		const { what, turn } = shown;
		const payload = JSON.stringify({ session, ...shown } satisfies ChatPayload);
		const spacingMs = what === "card" ? cardEveryMs : 0;
		return { key: `chat:${kind}:${address}:${what}:${turn}`, kind, address, payload, spacingMs };
	}

	function write(turn: number, { kind, address }: ChatTarget): void {
		migrate(sql, { chats: chatSteps });
		sql.exec("INSERT OR REPLACE INTO chats (turn, kind, address) VALUES (?, ?, ?)", turn, kind, address);
		sql.exec("DELETE FROM chats WHERE turn <= ?", turn - askedMax);
	}

	function exists(): boolean {
		return sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'chats'").one().n === 1;
	}

	function read(): Asked[] {
		return sql.exec<Asked>("SELECT turn, kind, address FROM chats ORDER BY turn").toArray();
	}
}

type Asked = ChatTarget & { readonly turn: number };

/** What each turn among these events has to be shown as: the card if anything on it changed, the final once it ended. */
function shownOf(
	events: readonly SessionEvent[],
	from: { turn: number; firstSeq: number },
): readonly Omit<ChatPayload, "session">[] {
	const shown = new Map<string, Omit<ChatPayload, "session">>();
	let { turn } = from;
	for (const [i, event] of events.entries()) {
		if (event.type === "turn.started") ({ turn } = event);
		const seq = from.firstSeq + i;
		if (!silent.has(event.type)) shown.set(`card ${turn}`, { turn, what: "card", seq });
		if (ends.has(event.type)) shown.set(`final ${turn}`, { turn, what: "final", seq });
	}
	return [...shown.values()];
}

/** What changes nothing on a card, or too often to be worth an edit. */
const silent: ReadonlySet<SessionEvent["type"]> = new Set([
	"session.created",
	"agent.text",
	"agent.reasoning",
	"agent.cited",
	"agent.image",
	"agent.image_dropped",
	"agent.reminded",
	"agent.informed",
	"call.started",
	"call.resumed",
	"call.finished",
	"final.text",
	"limit.near",
	"tool.called",
	"tool.returned",
]);

/** A cancelled turn has no answer: its card says so. */
const ends: ReadonlySet<SessionEvent["type"]> = new Set(["turn.finished", "turn.failed"]);

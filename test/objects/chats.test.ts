import { describe, expect, test } from "vitest";
import type { Accepted } from "../../durable-objects/rpc.ts";
import { askedMax, openChats, type Chats } from "../../durable-objects/outbox/chats.ts";
import type { AgentId } from "../../src/consensus/team.ts";
import type { AnswerId, CallId, SessionEvent } from "../../src/consensus/events.ts";
import { sqlStorage, transactionOn } from "../support/sql.ts";

const target = (address: string) => ({ kind: "slack" as const, address });
const chatsOn = (sql: SqlStorage): Chats => openChats({ sql, transaction: transactionOn(sql) }, "s1");

const a = "a" as AgentId;
const text: SessionEvent = { type: "agent.text", agent: a, call: "t1.a1.r1.c1.x1" as CallId, text: "hm" };
const answered: SessionEvent = { type: "answer.accepted", agent: a, answer: "a1.1" as AnswerId, text: "42" };
const note: SessionEvent = { type: "note.added", text: "hurry" };

describe("a turn that was asked in a chat", () => {
	test.each<[title: string, events: readonly SessionEvent[], shown: readonly unknown[]]>([
		["is not edited for streamed text", [text, text], []],
		["is edited once for a commit, up to the last event that shows", [answered, note, text], [["card", 1, 8]]],
	])("%s", (_, events, shown) => {
		const chats = chatsOn(sqlStorage());
		chats.asked(1, target("T/C/1"));
		const rows = chats.outgoing(events, { turn: 1, firstSeq: 7 });
		expect(rows.map(({ payload }) => JSON.parse(payload))).toEqual(
			shown.map((row) => {
				const [what, turn, seq] = row as [string, number, number];
				return { session: "s1", what, turn, seq };
			}),
		);
	});

	test("has a card that is edited in place and a final of its own, in that order", () => {
		const chats = chatsOn(sqlStorage());
		chats.asked(1, target("T/C/1"));
		const failed: SessionEvent = { type: "turn.failed", turn: 1, reasons: [] };
		expect(chats.outgoing([failed], { turn: 1, firstSeq: 9 })).toEqual([
			{
				key: "chat:slack:T/C/1:card:1",
				kind: "slack",
				address: "T/C/1",
				payload: '{"session":"s1","turn":1,"what":"card","seq":9}',
				spacingMs: 2000,
			},
			{
				key: "chat:slack:T/C/1:final:1",
				kind: "slack",
				address: "T/C/1",
				payload: '{"session":"s1","turn":1,"what":"final","seq":9}',
				spacingMs: 0,
			},
		]);
	});

	test("is shown where it was asked, and other turns are not", () => {
		const chats = chatsOn(sqlStorage());
		chats.asked(2, target("T/C/2"));
		expect(chats.outgoing([note], { turn: 1, firstSeq: 1 })).toEqual([]);
		expect(chats.outgoing([note], { turn: 2, firstSeq: 5 }).map(({ address }) => address)).toEqual(["T/C/2"]);
	});

	test("is known again at a repeat, also after a restart, unless it was refused", () => {
		const sql = sqlStorage();
		expect(chatsOn(sql).asked(1, target("T/C/1"))).toBe("new");
		const again = chatsOn(sql);
		expect([again.asked(2, target("T/C/1")), again.asked(2, target("T/C/2"))]).toEqual(["known", "new"]);
		const refused = { ok: false, code: "conflict", detail: "The queue is full." } as const;
		const sends: string[] = [];
		const sending = (chats: Chats, answer: Accepted) =>
			chats.sending({ turn: 3, ...target("T/C/3") }, () => {
				sends.push(String(answer.ok));
				return answer;
			});
		expect([sending(again, refused), sending(again, { ok: true }), sending(chatsOn(sql), refused)]).toEqual([
			refused,
			{ ok: true },
			{ ok: true },
		]);
		expect(sends).toEqual(["false", "true"]);
	});

	test("is forgotten after as many others as are remembered", () => {
		const chats = chatsOn(sqlStorage());
		for (let turn = 1; turn <= askedMax; turn++) chats.asked(turn, target(`T/C/${turn}`));
		expect(chats.outgoing([note], { turn: 1, firstSeq: 1 }).length).toBe(1);
		chats.asked(askedMax + 1, target("T/C/more"));
		expect(chats.outgoing([note], { turn: 1, firstSeq: 1 }).length).toBe(0);
	});
});

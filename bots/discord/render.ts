import { excerpt } from "../../src/std/excerpt.ts";
import type { AgentLine, Card, VoteLine } from "../card.ts";
import { button, fit, link, rows, select, separator, text, type Button, type Container } from "./components.ts";
import { customId, type Verb } from "./custom-id.ts";
import { cell, columnsOf, escaped, inCode, wrapped } from "./plain.ts";
import { flags, quietly } from "./message.ts";
import { timestamp } from "./timestamp.ts";

/** The living card of a turn: one message, edited in place. */

export type Shown = {
	readonly card: Card;
	readonly question: string;
	readonly session: string;
	/** The interaction that asked. */
	readonly ask: string;
	/** Where the session can be watched; null where nobody knows an address. */
	readonly page: string | null;
	/** Whether only the asker's next click lets us edit it once a quarter of an hour is over. */
	readonly mortal: "mortal" | "lasting";
};

/** As the body of an edit: what a message of components was before is gone for good. */
export function cardMessage(shown: Shown) {
	return { flags: flags.componentsV2, components: [containerOf(shown), ...controls(shown)], ...quietly };
}

const accents = {
	running: 0xe6_7e_22,
	waiting: 0xf1_c4_0f,
	consensus: 0x2e_cc_71,
	no_consensus: 0x95_a5_a6,
	failed: 0xe7_4c_3c,
	cancelled: 0x95_a5_a6,
} as const satisfies Record<Card["status"], number>;

function containerOf(shown: Shown): Container {
	const found = details.find((detail) => fit(textsOf(shown, detail)));
	const [head = "…", ...others] = textsOf(shown, found ?? least);
	const parts = others.flatMap((content) => [separator, text(content)]);
	return { type: 17, accent_color: accents[shown.card.status], components: [text(head), ...parts] };
}

/** How much each line may say: as much as all of them together have room for. */
type Detail = {
	readonly question: number;
	readonly says: number;
	readonly model: number;
	readonly votes: number;
	/** Lines of each vote's reason. */
	readonly lines: number;
};

const least: Detail = { question: 60, says: 0, model: 0, votes: 0, lines: 0 };
const details: readonly Detail[] = [
	{ question: 200, says: 140, model: 40, votes: 16, lines: 3 },
	{ question: 200, says: 80, model: 30, votes: 16, lines: 2 },
	{ question: 120, says: 40, model: 20, votes: 16, lines: 1 },
	{ question: 60, says: 20, model: 0, votes: 8, lines: 1 },
	least,
];

function textsOf({ card, question, session }: Shown, detail: Detail): readonly string[] {
	const head = `### ${escaped(excerpt(card.title, 200))}\n> ${escaped(excerpt(question, detail.question))}`;
	const middle = isOver(card) ? summaryOf(card, detail) : agentsOf(card, detail);
	const table = isOver(card) ? "" : tableOf(card.votes.slice(0, detail.votes), detail.lines);
	return [head, middle, table, footerOf(card, session)].filter((part) => part !== "");
}

function isOver({ status }: Card): boolean {
	return status !== "running" && status !== "waiting";
}

const emojis = { pending: "⚪", working: "🟠", done: "🟢", failed: "🔴" } as const satisfies Record<
	AgentLine["state"],
	string
>;

function agentsOf({ agents, hint }: Card, { says, model }: Detail): string {
	const lines = agents.map((agent) => {
		const of = model === 0 ? "" : ` · ${escaped(excerpt(agent.model, model))}`;
		const saying = says === 0 ? "" : ` — ${escaped(excerpt(agent.says, says))}`;
		return `${emojis[agent.state]} **${escaped(agent.name)}**${of}${saying}`;
	});
	return [...lines, ...(hint === null ? [] : [`⏸️ ${escaped(excerpt(hint, 200))}`])].join("\n");
}

/** After the end: who has won, who differs, what failed. */
function summaryOf({ status, leader, votes, dissent, hint, agents }: Card, { says }: Detail): string {
	// Where nobody could answer the title says so.
	const failed = status === "failed" ? [] : agents.filter(({ state }) => state === "failed");
	const out = failed.map(({ name }) => escaped(name));
	const changes = votes.flatMap(({ agent, before }) =>
		before === null ? [] : [`${escaped(agent)} (from ${escaped(before)})`],
	);
	const lines = [
		...(leader === null ? [] : [leaderLine(leader)]),
		...(changes.length === 0 ? [] : [`Changed their mind: ${changes.join(", ")}`]),
		...(dissent === null ? [] : [`Dissent: ${escaped(excerpt(dissent, Math.max(60, says)))}`]),
		...(hint === null ? [] : [escaped(excerpt(hint, 200))]),
		...(out.length === 0 ? [] : [`Out: ${out.join(", ")}`]),
	];
	return lines.join("\n");
}

/** Who answers alone, or is asked for the answer at once, has no votes and needs none. */
function leaderLine({ of, votes, team }: NonNullable<Card["leader"]>): string {
	return votes === 0 ? `The answer of **${escaped(of)}**` : `**${escaped(of)}** has ${votes} of ${team} votes`;
}

/** Phones show so many columns of a code block before they break its lines. */
export const tableColumnsMax = 56;
const agentColumnsMax = 12;
const forColumnsMax = 16;

/** Votes as a table, their reasons in at most so many lines each; nothing before the first. */
export function tableOf(votes: readonly VoteLine[], linesMax: number): string {
	if (votes.length === 0) return "";
	const told = votes.map(({ agent, for: of, reason }) => [inCode(agent), inCode(of), inCode(reason)]);
	const all = [["agent", "votes for", "because"], ...told];
	const agents = Math.min(agentColumnsMax, Math.max(...all.map(([agent = ""]) => columnsOf(agent))));
	const ofs = Math.min(forColumnsMax, Math.max(...all.map(([, of = ""]) => columnsOf(of))));
	const whys = tableColumnsMax - agents - ofs - 2;
	const lines = all.flatMap(([agent = "", of = "", why = ""]) =>
		wrapped(why, whys, linesMax).map((piece, i) =>
			`${cell(i === 0 ? agent : "", agents)} ${cell(i === 0 ? of : "", ofs)} ${piece}`.trimEnd(),
		),
	);
	return ["```", ...lines, "```"].join("\n");
}

function footerOf(card: Card, session: string): string {
	const run = `run ${session.slice(0, 8)}`;
	const notes = card.notes === 0 ? [] : [`${card.notes} ${card.notes === 1 ? "note" : "notes"}`];
	const leads =
		card.leader === null || isOver(card)
			? []
			: [`${escaped(card.leader.of)} leads with ${card.leader.votes} of ${card.leader.team}`];
	const when = isOver(card) ? `${card.elapsedS} s` : `began ${timestamp(card.startedAtMs)}`;
	return `-# ${[run, ...leads, ...notes, card.cost, when].join(" · ")}`;
}

function controls(shown: Shown) {
	const { card, session, ask, page, mortal } = shown;
	const does = (verb: Verb) => customId({ verb, session, ask });
	const reasons = button({ label: "Reasoning", style: 2 }, does("reasons"));
	const live = page === null ? [] : link("Live page", page);
	if (isOver(card)) return rows([reasons, ...live]);
	const renewing = mortal === "mortal" ? [button({ label: "Refresh", style: 2 }, does("refresh"))] : [];
	const resuming = card.resumable ? [button({ label: "Go on", style: 1 }, does("resume"))] : [];
	const buttons: readonly Button[] = [
		button({ label: "Stop", style: 4 }, does("stop")),
		...resuming,
		button({ label: "Answer now", style: 2 }, does("answer_now")),
		button({ label: "Note", style: 2 }, does("note")),
		reasons,
		...renewing,
		...live,
	];
	const dropping = card.droppable.length < 2 ? [] : [select(does("drop"), "Drop an agent", card.droppable)];
	return [...rows(buttons), ...dropping];
}

/** As plain as can be, for where Discord did not take the card. */
export function cardPlain({ card }: Shown) {
	return { flags: flags.componentsV2, components: [text(escaped(excerpt(card.title, 200)) || "…")], ...quietly };
}

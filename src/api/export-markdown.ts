import type { SessionSummary, TurnSummary } from "../../durable-objects/rpc.ts";
import type { LoggedEvent } from "../consensus/events.ts";

/** What a file tells of a session. */
export type Told = Pick<SessionSummary, "team" | "turns" | "usage" | "cost_usd"> & {
	readonly title: string;
	readonly created_at: string;
};

/** Every version of every answer, by the turn it was given in, the first turn first. */
export type Versions = {
	readonly turns: readonly (readonly Version[])[];
	/** There were more, which are left out. */
	readonly truncated: boolean;
};
type Version = Extract<LoggedEvent, { type: "answer.accepted" }>;

export const versionsCharsMax = 4_000_000;

/** The answers of a log. Lines of other events, most of them by far, are not parsed. */
export async function answersIn(pages: AsyncIterable<readonly string[]>): Promise<Versions> {
	const turns: Version[][] = [];
	let chars = 0;
	for await (const lines of pages) {
		for (const line of lines) {
			const type = /^\{"seq":\d+,"at":"[^"]*","type":"(turn\.started|answer\.accepted)"/.exec(line)?.[1];
			if (type === "turn.started") turns.push([]);
			if (type !== "answer.accepted") continue;
			chars += line.length;
			if (chars > versionsCharsMax) return { turns, truncated: true };
			turns.at(-1)?.push(versionIn(line));
		}
	}
	return { turns, truncated: false };
}

/** Written by us, so the parse is trusted. */
function versionIn(line: string): Version {
	const parsed: unknown = JSON.parse(line);
	return parsed as Version;
}

/** A session as a document for people: what was asked, what was answered, and how that was decided. */
export function markdownOf(session: Told, versions: Versions): string {
	const turns = session.turns.map((turn, i) => turnText(turn, versions.turns[i] ?? []));
	const rest = versions.truncated ? ["*Further versions are left out: there are too many of them.*"] : [];
	return `${[`# ${oneLine(session.title)}`, headText(session), ...turns.flat(), ...rest].join("\n\n")}\n`;
}

function headText({ team, usage, cost_usd, created_at }: Told): string {
	const agents = team.agents.map(({ id, backend, model }) => `${id} (${backend} ${model})`).join(", ");
	const cost = cost_usd === null ? "cost unknown" : `$${cost_usd.toFixed(4)}`;
	const tokens = `${usage.input} tokens in, ${usage.output} out`;
	return `Team ${team.name}: ${agents}. ${created_at.slice(0, 10)}. ${cost}, ${tokens}.`;
}

function turnText(turn: TurnSummary, versions: readonly Version[]): readonly string[] {
	const files = (turn.attachments ?? []).map(({ name }) => oneLine(name)).join(", ");
	return [
		"## Question",
		quoted(turn.question),
		...(files === "" ? [] : [`With ${files}.`]),
		"## Answer",
		turn.answer ?? unanswered[turn.status],
		...outcomeText(turn),
		...votesText(turn),
		...dissentText(turn),
		...(versions.length === 0 ? [] : ["### Versions", ...versions.flatMap(versionText)]),
	];
}

const unanswered = {
	running: "*The team is still at work.*",
	done: "*There is no answer.*",
	failed: "*The turn failed.*",
	cancelled: "*The turn was cancelled.*",
} as const satisfies Record<TurnSummary["status"], string>;

function outcomeText({ consensus, agreement, winner, reasons, attempts }: TurnSummary): readonly string[] {
	if (reasons.length > 0)
		return [reasons.map(({ agent, code, message }) => `- ${agent}: ${oneLine(`${code} ${message}`)}`).join("\n")];
	if (consensus === null || winner === null) return [];
	const agreed = agreement === null ? "" : `, ${Math.round(agreement * 100)} % agreed`;
	const tried = attempts > 1 ? `, in attempt ${attempts}` : "";
	return [`${consensus ? "Consensus" : "No consensus"}: ${winner.answer} of ${winner.agent}${agreed}${tried}.`];
}

function votesText({ votes }: TurnSummary): readonly string[] {
	if (votes.length === 0) return [];
	return [
		"### Votes",
		votes.map(({ agent, answer, reason }) => `- ${agent} for ${answer}: ${oneLine(reason)}`).join("\n"),
	];
}

function dissentText({ dissent }: TurnSummary): readonly string[] {
	if (dissent === null) return [];
	const { agent, answer, text, votes, reasons } = dissent;
	const voted = `${answer} of ${agent}, ${votes} ${votes === 1 ? "vote" : "votes"}:`;
	const why = reasons.map((reason) => `- ${oneLine(reason)}`).join("\n");
	return ["### Dissent", voted, quoted(text), ...(why === "" ? [] : [why])];
}

function versionText({ agent, answer, text }: Version): readonly string[] {
	return [`#### ${answer} of ${agent}`, text];
}

function quoted(text: string): string {
	return text
		.split(/\r?\n/)
		.map((line) => (line === "" ? ">" : `> ${line}`))
		.join("\n");
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, " ").trim();
}

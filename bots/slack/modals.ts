import type {
	AllMiddlewareArgs,
	MessageShortcut,
	SlackShortcutMiddlewareArgs,
	SlackViewMiddlewareArgs,
} from "@slack/bolt";
import type { KnownBlock, View } from "@slack/web-api";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ask, shownQuestion } from "./ask.ts";
import { steered } from "./steer.ts";
import { done, ended, tell, type Desk } from "./desk.ts";
import { dissentIn, ownerOf, votedFor, votesIn, type Turn } from "../turn.ts";
import { context, modals, runIn, runValue, section, type Run } from "./message.ts";
import type { Where } from "./post.ts";
import { cut, escaped, line, plain, questionIn } from "./text.ts";
import { attempted } from "./workspace.ts";

/** Windows for what a button cannot say. What they carry along names a run or a place: no secrets. */

type Opening = { readonly where: Where; readonly run: Run };

/** Slack takes a click's trigger for three seconds; who comes too late is asked to click again. */
export async function opened(
	desk: Desk,
	{ where, trigger }: { readonly where: Where; readonly trigger: string },
	view: View,
): Promise<Delivered> {
	const tried = await attempted(() => desk.workspace.client.views.open({ trigger_id: trigger, view }));
	if (tried.ok || tried.fault.kind === "unknown") return done;
	if (tried.fault.kind === "refused") await ended(desk, tried.fault);
	return tell(desk, where, "That took too long. Please click once more.");
}

/** Asks for a note to the agents. */
export function noteModal(opening: Opening): View {
	return {
		type: "modal",
		callback_id: modals.note,
		private_metadata: metadataOf(opening),
		title: { type: "plain_text", text: "A note for the team" },
		submit: { type: "plain_text", text: "Send" },
		blocks: [asking("note", "What should the agents know? It reaches them at their next step.", "")],
	};
}

/** Asks which of these agents shall work no more. */
export function dropModal(opening: Opening, agents: readonly string[]): View {
	const options = agents.map((id) => ({ text: { type: "plain_text" as const, text: id }, value: id }));
	return {
		type: "modal",
		callback_id: modals.drop,
		private_metadata: metadataOf(opening),
		title: { type: "plain_text", text: "Drop an agent" },
		submit: { type: "plain_text", text: "Drop" },
		blocks: [
			{
				type: "input",
				block_id: "agent",
				label: { type: "plain_text", text: "Its answers stay, it works no more in this turn." },
				element: { type: "static_select", action_id: "agent", options },
			},
		],
	};
}

function asking(id: string, label: string, initial: string): KnownBlock {
	const value = initial === "" ? {} : { initial_value: initial };
	return {
		type: "input",
		block_id: id,
		label: { type: "plain_text", text: label },
		element: { type: "plain_text_input", action_id: id, multiline: true, max_length: inputCharsMax, ...value },
	};
}

const inputCharsMax = 3000;
const reasonsMax = 40;
const answerCharsMax = 9000;

/** Who voted for what and why, and the best answer that lost. */
export function reasoningModal(session: Parameters<typeof ownerOf>[0], turn: Turn): View {
	const { question, votes, reasons, tally } = turn;
	const dissent = dissentIn(turn);
	const blocks: KnownBlock[] = [
		context(line(question, 300) || "–"),
		...(votes.length === 0 ? [section("No votes are counted yet.")] : []),
		...votes
			.slice(0, reasonsMax)
			.map(({ agent, answer, reason }) =>
				section(
					cut(
						`*${line(agent, 40)}* for ${line(votedFor(session, { agent, answer }), 40)}: ${escaped(reason)}`,
						inputCharsMax,
					),
				),
			),
		...(tally.length === 0
			? []
			: [
					context(
						tally
							.slice(0, reasonsMax)
							.map(({ answer, votes: n }) => `${line(ownerOf(session, answer), 40)}: ${n}`)
							.join(" · "),
					),
				]),
		...reasons
			.slice(0, reasonsMax / 2)
			.map(({ agent, message, code }) => section(`*${line(agent, 40)}* failed: ${line(message || code, 300)}`)),
		...(dissent === null ? [] : dissenting(dissent)),
	];
	return { type: "modal", title: { type: "plain_text", text: "How it came about" }, blocks };
}

function dissenting({ agent, votes, text }: NonNullable<Turn["dissent"]>): KnownBlock[] {
	const whole = cut(escaped(text), answerCharsMax);
	const pieces = whole.match(/[\s\S]{1,2900}/g) ?? [];
	const head = section(`*Dissent: ${line(agent, 40)}, ${votesIn(votes)}*`);
	return [head, ...pieces.filter((piece) => piece.trim() !== "").map(section)];
}

function metadataOf({ where, run }: Opening): string {
	return `${where.channel} ${where.thread} ${runValue(run)}`;
}

/** A message's own menu: a window with the message as the beginning of a question. */
export async function askedAbout(
	desk: Desk,
	{ shortcut }: AllMiddlewareArgs & SlackShortcutMiddlewareArgs<MessageShortcut>,
): Promise<Delivered> {
	const { channel, message, message_ts: ts, trigger_id: trigger } = shortcut;
	const thread = typeof message["thread_ts"] === "string" ? message["thread_ts"] : ts;
	const where = { channel: channel.id, thread };
	const quoted = questionIn(message.text ?? "", desk.bot);
	return opened(
		desk,
		{ where, trigger },
		{
			type: "modal",
			callback_id: modals.ask,
			private_metadata: `${where.channel} ${where.thread}`,
			title: { type: "plain_text", text: "Ask the team" },
			submit: { type: "plain_text", text: "Ask" },
			blocks: [asking("question", "Your question", plainLines(quoted))],
		},
	);
}

function plainLines(text: string): string {
	return cut(text, inputCharsMax - 100);
}

/** A window of ours was sent. */
export async function submitted(desk: Desk, { view }: AllMiddlewareArgs & SlackViewMiddlewareArgs): Promise<Delivered> {
	const [channel = "", thread = "", value = ""] = view.private_metadata.split(" ");
	const where = { channel, thread };
	if (view.callback_id === modals.ask) return askedIn(desk, where, typed(view, "question"));
	const run = runIn(value);
	if (run === null) return done;
	const { session } = run;
	if (view.callback_id === modals.drop) {
		const agent = view.state.values["agent"]?.["agent"]?.selected_option?.value ?? "";
		return steered(desk, where, { session, command: { action: "drop_agent", agent } });
	}
	return steered(desk, where, { session, command: { action: "note", text: typed(view, "note") } });
}

type Submitted = SlackViewMiddlewareArgs["view"];

function typed({ state }: Submitted, id: string): string {
	return state.values[id]?.[id]?.value?.trim() ?? "";
}

async function askedIn(desk: Desk, where: Where, text: string): Promise<Delivered> {
	const shown = await shownQuestion(desk, where, plain(text, 500));
	if ("over" in shown) return shown.over;
	return ask(desk, { place: { workspace: desk.inbox.workspace, ...where, ts: shown.ts }, text });
}

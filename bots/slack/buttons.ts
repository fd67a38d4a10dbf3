import type { AllMiddlewareArgs, BlockAction, SlackActionMiddlewareArgs } from "@slack/bolt";
import type { z } from "zod";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import type { Steer } from "../../src/api/contract.ts";
import type { Caps } from "../../src/consensus/team.ts";
import { transcriptOf } from "../transcript.ts";
import { ask } from "./ask.ts";
import { done, endedAfter, isAdmin, maySteer, tell, type Desk } from "./desk.ts";
import { uploaded } from "./files.ts";
import { teamChosen } from "./home.ts";
import { actions, runIn, type Run } from "./message.ts";
import { dropModal, noteModal, opened, reasoningModal } from "./modals.ts";
import type { Where } from "./post.ts";
import { gone, sessionOf, steered } from "./steer.ts";

/** A button or a menu of ours that somebody has used. */
type Click = {
	readonly where: Where;
	readonly run: Run;
	/** What was chosen where there was a choice. */
	readonly choice: string;
	readonly trigger: string;
	readonly atTs: string;
};

/** Who may use a button that costs money or changes what happens: whoever has asked, and the deployment's own people. */
export async function acted(
	desk: Desk,
	{ action, body }: AllMiddlewareArgs & SlackActionMiddlewareArgs,
): Promise<Delivered> {
	if (body.type !== "block_actions") return done;
	if (action.type === "static_select" && action.action_id === actions.team)
		return teamChosen(desk, action.selected_option?.value ?? "");
	const used = usedIn(action);
	const where = whereOf(body);
	if (used === null || where === null) return done;
	const verb = verbs[used.verb];
	const run = runIn(used.value);
	if (verb === undefined || run === null) return tell(desk, where, "I do not know this button any more.");
	const refusal = refusals[verb.of](desk, run.asker);
	if (refusal !== null) return tell(desk, where, refusal);
	const { trigger_id: trigger } = body;
	return verb.act(desk, { where, run, choice: used.choice, trigger, atTs: used.atTs });
}

type Used = { readonly verb: string; readonly value: string; readonly choice: string; readonly atTs: string };

/** A menu's option names its verb before the run, a rating its verdict. */
function usedIn(action: (AllMiddlewareArgs & SlackActionMiddlewareArgs)["action"]): Used | null {
	if (!("action_id" in action) || !("action_ts" in action)) return null;
	const { action_id: id, action_ts: atTs } = action;
	if (action.type === "overflow") {
		const [verb = "", value = ""] = action.selected_option.value.split(" ");
		return { verb, value, choice: "", atTs };
	}
	const value = "value" in action && typeof action.value === "string" ? action.value : "";
	const [choice = "", judged] = value.split(" ");
	const verb = id.replace(/^massgen_/, "");
	return judged === undefined ? { verb, value, choice: "", atTs } : { verb, value: judged, choice, atTs };
}

function whereOf({ container, channel, message }: BlockAction): Where | null {
	const id = channel?.id ?? String(container["channel_id"] ?? "");
	const thread = container["thread_ts"] ?? message?.["thread_ts"] ?? container["message_ts"];
	return id === "" || typeof thread !== "string" ? null : { channel: id, thread };
}

/** `of`: whose button it is. */
type Verb = {
	readonly of: "everyone" | "asker" | "admins";
	readonly act: (desk: Desk, click: Click) => Promise<Delivered>;
};

/** Why somebody may not use it, or null. */
const refusals: Readonly<Record<Verb["of"], (desk: Desk, asker: string) => string | null>> = {
	everyone: () => null,
	asker: (desk, asker) => (maySteer(desk, asker) ? null : "Only the person who asked can use this button."),
	admins: (desk) => (isAdmin(desk) ? null : "Only the people whom SLACK_ADMINS names can use this button."),
};

const verbs: Readonly<Record<string, Verb>> = {
	stop: { of: "asker", act: (desk, click) => controlled(desk, click, { action: "cancel" }) },
	now: { of: "asker", act: (desk, click) => controlled(desk, click, { action: "answer_now" }) },
	resume: { of: "asker", act: (desk, click) => controlled(desk, click, { action: "resume" }) },
	budget: { of: "admins", act: raised },
	note: { of: "asker", act: (desk, click) => opened(desk, click, noteModal(click)) },
	drop: { of: "asker", act: dropping },
	why: { of: "everyone", act: explained },
	again: { of: "asker", act: askedAgain },
	export: { of: "asker", act: exported },
	feedback: { of: "everyone", act: rated },
};

/** Only the turn that is going on can be steered: an old card's button must not stop a new turn. */
async function controlled(desk: Desk, { where, run }: Click, command: z.input<typeof Steer>): Promise<Delivered> {
	const { session, turn } = run;
	const found = await sessionOf(desk, session);
	if (found?.turns[turn - 1]?.status !== "running") return tell(desk, where, gone);
	return steered(desk, where, { session, command });
}

/** Tried again, or clicked twice, it is doubled once: then the session waits for its budget no more. */
async function raised(desk: Desk, { where, run }: Click): Promise<Delivered> {
	const session = await sessionOf(desk, run.session);
	if (session?.turns[run.turn - 1]?.status !== "running") return tell(desk, where, gone);
	const { budget } = session.team;
	if (session.waiting_for !== "budget" || budget.session === undefined || budget.session === null)
		return tell(desk, where, "It does not wait for its budget any more.");
	const command = { action: "budget" as const, budget: { ...budget, session: doubled(budget.session) } };
	return steered(desk, where, { session: session.id, command });
}

/** As the API takes caps. */
const capMax = 1_000_000_000;

function doubled({ usd, tokens, calls, seconds }: Caps): Caps {
	const twice = (cap: number | null) => (cap === null ? null : Math.min(capMax, 2 * cap));
	const more = seconds === undefined ? {} : { seconds: twice(seconds) };
	return { usd: twice(usd), tokens: twice(tokens), calls: twice(calls), ...more };
}

async function dropping(desk: Desk, click: Click): Promise<Delivered> {
	const session = await sessionOf(desk, click.run.session);
	if (session === null || session.status !== "running") return tell(desk, click.where, gone);
	return opened(
		desk,
		click,
		dropModal(
			click,
			session.team.agents.map(({ id }) => id),
		),
	);
}

async function explained(desk: Desk, click: Click): Promise<Delivered> {
	const session = await sessionOf(desk, click.run.session);
	const turn = session?.turns[click.run.turn - 1];
	if (session === null || turn === undefined) return tell(desk, click.where, gone);
	return opened(desk, click, reasoningModal(session, turn));
}

async function askedAgain(desk: Desk, { where, run, atTs }: Click): Promise<Delivered> {
	const session = await sessionOf(desk, run.session);
	const question = session?.turns[run.turn - 1]?.question;
	if (question === undefined) return tell(desk, where, "The question is not kept any more.");
	return ask(desk, { place: { workspace: desk.inbox.workspace, ...where, ts: atTs }, text: question });
}

async function exported(desk: Desk, { where, run }: Click): Promise<Delivered> {
	if ((await sessionOf(desk, run.session)) === null) return tell(desk, where, gone);
	const file = {
		name: `massgen-${run.session.slice(0, 8)}.md`,
		text: await transcriptOf(desk.deps.client, run.session),
	};
	return endedAfter(desk, await uploaded(desk.deps, desk.workspace, { ...where, ...file }));
}

const ratedMs = 90 * 24 * 60 * 60 * 1000;

async function rated(desk: Desk, { where, run, choice }: Click): Promise<Delivered> {
	const key = `${run.session}:${run.turn}:${desk.inbox.user}`;
	await desk.workspace.installation.keep({ kind: "feedback", key, value: choice, forMs: ratedMs });
	return tell(desk, where, "Thank you, that is noted.");
}

import { askOf } from "../asks.ts";
import type { BotDeps, Platform } from "../chat.ts";
import type { Delivered, Delivery } from "../../durable-objects/outbox/outbox.ts";
import type { InstallationRpc } from "../../durable-objects/installation/rpc.ts";
import type { ChatPayload } from "../../durable-objects/outbox/chats.ts";
import { livePage } from "../page.ts";
import { makeTeller, payloadOf, type Told } from "../told.ts";
import { showStatus } from "./agent.ts";
import { remedyOf, type Fault, type Tried } from "./faults.ts";
import { uploaded } from "./files.ts";
import { placeOf, type Place } from "./place.ts";
import { edited, found, posted, type Mark, type Where } from "./post.ts";
import { cardMessage, finalMessage, plainMessage, type Final, type Shown } from "./render.ts";
import type { Message } from "./message.ts";
import { called } from "./text.ts";
import { attempted, openWorkspace, settled, type Workspace } from "./workspace.ts";

/** Brings a turn's card and its final answer to the thread where it was asked. */
export const deliver: Platform["deliver"] = (deps) => {
	const tell = makeTeller(deps.client);
	return async (delivery, signal) => {
		const place = placeOf(delivery.address);
		if (place === null) return { outcome: "dead", reason: "this is no address in Slack" };
		const payload = payloadOf(delivery.payload);
		const told = await tell(payload, signal);
		if (told === null) return { outcome: "dead", reason: "the session is gone" };
		const installation = deps.installation(`slack:${place.workspace}`);
		const isWatched = payload.what === "card" && !isOver(told);
		const page = isWatched ? await livePage(deps, installation, payload.session) : null;
		const shown = { run: await runOf(installation, delivery.address, payload), page };
		const delivered = await brought({ deps, delivery, payload, place, told, shown }, signal);
		if (delivered.outcome === "sent" || delivered.outcome === "dead")
			await over(installation, delivery.address, told);
		return delivered;
	};
};

async function brought(errand: Omit<Errand, "workspace">, signal: AbortSignal): Promise<Delivered> {
	const workspace = await openWorkspace(errand.deps, errand.place.workspace, signal);
	if ("closed" in workspace) return workspace.closed;
	if (errand.payload.what === "final") return final({ ...errand, workspace });
	const delivered = await card({ ...errand, workspace });
	const { deps, told, place, shown } = errand;
	if (delivered.outcome === "sent") await showStatus(deps, workspace, { ...place, told, asker: shown.run.asker });
	return delivered;
}

type Errand = {
	readonly deps: BotDeps;
	readonly workspace: Workspace;
	readonly delivery: Delivery;
	readonly payload: ChatPayload;
	readonly place: Place;
	readonly told: Told;
	readonly shown: Shown;
};

/** What `keepAsk` was given by the work on the message. */
export type Ask = { readonly asker: string };

async function runOf(
	installation: InstallationRpc,
	address: string,
	{ session, turn }: Pick<ChatPayload, "session" | "turn">,
): Promise<Shown["run"]> {
	const ask = await askOf(installation, address);
	// Kept by us, so that the parse is trusted.
	const { asker } = (ask ?? { asker: "" }) as Ask;
	return { session, turn, asker };
}

async function card(errand: Errand): Promise<Delivered> {
	const message = cardMessage(errand.told, errand.shown);
	const { ref } = errand.delivery;
	const tried = ref === null ? null : await updatedAt(errand, message, ref);
	if (tried !== null && !isGone(tried)) return overtaken(await ended(errand, tried));
	const earlier = await earlierPost(errand);
	if (!earlier.ok) return ended(errand, earlier);
	const ts = earlier.value;
	// What was found may be older than what is to be shown.
	return ended(errand, ts === null ? await postedAnew(errand, message) : await updatedAt(errand, message, ts));
}

function updatedAt({ workspace, place, told }: Errand, message: Message, ts: string): Promise<Tried<string>> {
	const shows = isOver(told) ? "end" : "course";
	return degrading(message, (content) => edited(workspace, { channel: place.channel, ts, shows }, content));
}

/** Many runs wait long for an edit; the answer is a message of its own and need not wait with its card. */
function overtaken(delivered: Delivered): Delivered {
	return delivered.outcome === "wait" ? { ...delivered, holds: "row" } : delivered;
}

/** Somebody has deleted it. */
function isGone(tried: Tried<unknown>): boolean {
	return !tried.ok && tried.fault.kind === "refused" && remedyOf(tried.fault.word) === "anew";
}

function postedAnew(errand: Errand, message: Message): Promise<Tried<string>> {
	const mark = markOf(errand);
	return degrading(message, (content) => posted(errand.workspace, errand.place, { ...content, mark }));
}

/** What an earlier try has posted without our learning of it; null where there is nothing, or was none. */
async function earlierPost(errand: Errand): Promise<Tried<string | null>> {
	const { workspace, delivery, place } = errand;
	if (delivery.tries === 0) return { ok: true, value: null };
	const looked = await found(workspace, place, { mark: markOf(errand), sinceTs: place.ts });
	// Where nothing can be read nothing can be posted either, which posting will say.
	return !looked.ok && isElsewhere(looked.fault) ? { ok: true, value: null } : looked;
}

function markOf({ payload: { session, turn, what } }: Errand): Mark {
	return { session, turn, what };
}

/** What Slack finds wrong with a layout it does not find wrong with a plain text. */
async function degrading(message: Message, send: (message: Message) => Promise<Tried<string>>): Promise<Tried<string>> {
	const tried = await send(message);
	if (tried.ok || tried.fault.kind !== "refused" || remedyOf(tried.fault.word) !== "plain") return tried;
	return send(plainMessage(message));
}

async function final(errand: Errand): Promise<Delivered> {
	const { told, shown, delivery } = errand;
	const rendered = finalMessage(told, shown);
	const { ref } = delivery;
	const earlier = ref === null ? await earlierPost(errand) : ({ ok: true, value: ref } as const);
	if (!earlier.ok) return ended(errand, earlier);
	const ts = earlier.value;
	const tried = ts === null ? await postedAnew(errand, rendered.message) : ({ ok: true, value: ts } as const);
	if (!tried.ok && isElsewhere(tried.fault)) return directly(errand, rendered, tried.fault);
	return ended(errand, tried.ok ? await withFile(errand, rendered, tried.value) : tried);
}

/** The file comes after its message; which file has come is remembered, as the two are not one call. */
async function withFile(errand: Errand, { file }: Final, ts: string): Promise<Tried<string>> {
	const { deps, workspace, delivery, place } = errand;
	if (file === null) return { ok: true, value: ts };
	if ((await workspace.installation.kept("file", delivery.address)) !== null) return { ok: true, value: ts };
	const tried = await uploaded(deps, workspace, { ...place, ...file });
	if (!tried.ok && tried.fault.kind !== "refused") return tried;
	await workspace.installation.keep({ kind: "file", key: delivery.address, value: ts, forMs: fileKeptMs });
	return { ok: true, value: ts };
}

/** Longer than the outbox tries. */
const fileKeptMs = 2 * 24 * 60 * 60 * 1000;

function isElsewhere(fault: Fault): boolean {
	return fault.kind === "refused" && remedyOf(fault.word) === "elsewhere";
}

/** The channel is closed to us: whoever has asked is told in a direct message. */
async function directly(errand: Errand, rendered: Final, fault: Fault): Promise<Delivered> {
	const { workspace, shown, place } = errand;
	const { asker } = shown.run;
	if (called(asker) === "") return settledAs(errand, fault);
	const opened = await attempted(() => workspace.client.conversations.open({ users: asker }));
	const channel = opened.ok ? (opened.value.channel?.id ?? "") : "";
	if (channel === "" || channel === place.channel) return settledAs(errand, fault);
	const where: Where = { channel, thread: "" };
	const mark = markOf(errand);
	return ended(
		errand,
		await degrading(rendered.message, (content) => posted(workspace, where, { ...content, mark })),
	);
}

async function ended(errand: Errand, tried: Tried<string>): Promise<Delivered> {
	return tried.ok ? { outcome: "sent", ref: tried.value } : settledAs(errand, tried.fault);
}

function settledAs({ deps, workspace }: Errand, fault: Fault): Promise<Delivered> {
	return settled(deps, workspace, fault);
}

/** Whatever shows the end of a turn, or cannot, says what it has cost; saying so twice changes nothing. */
async function over(installation: InstallationRpc, run: string, told: Told): Promise<void> {
	if (isOver(told)) await installation.ended(run, told.turnUsd);
}

function isOver({ view: { phase } }: Told): boolean {
	return phase === "done" || phase === "failed" || phase === "cancelled";
}

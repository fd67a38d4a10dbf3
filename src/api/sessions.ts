import type { Accepted, ChatTarget, SessionRpc, TenantRpc } from "../../durable-objects/rpc.ts";
import type { NewFile } from "../consensus/events.ts";
import type { Team } from "../consensus/team.ts";
import { newFiles } from "./attachment-schema.ts";
import { attachmentFaults } from "./attachments.ts";
import { checked, received, receivedJson, receivedQuery } from "./body.ts";
import {
	CreateSession,
	IdempotencyKey,
	ListQuery,
	RenameSession,
	SendMessage,
	type Session,
	type SessionCreated,
	type SessionPage,
	Steer,
	type SteerAccepted,
	type TurnAccepted,
	bodyWithFilesBytesMax,
} from "./contract.ts";
import type { AppDeps, Call } from "./deps.ts";
import { placeIn } from "./events-place.ts";
import { below, parsed } from "./fields.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { badInput, problem, unavailable } from "./problem.ts";
import { json } from "./json-response.ts";
import { originOf } from "./origin.ts";
import { budgetFaults, teamOf } from "./team.ts";
import type { TeamDraft } from "./team-schema.ts";
import { teamNamed, withKeysOfNow } from "./teams.ts";

const titleCharsFromQuestion = 80;

/**
 * `POST /v1/sessions`. Nothing is stored until the whole request has been found good. Who accepts an event stream is given
 * the session's events at once, which spares a request and its way.
 */
export async function createSession({ deps, request }: Call): Promise<Response> {
	const body = await receivedJson(request, bodyWithFilesBytesMax);
	if (body instanceof Response) return body;
	const wanted = await requested(deps, body.value);
	if (wanted instanceof Response) return wanted;
	const idempotencyKey = idempotencyKeyOf(request);
	if (idempotencyKey instanceof Response) return idempotencyKey;
	const tenant = deps.tenant();
	const fingerprint = idempotencyKey === null ? "" : await fingerprintOf(body.value);
	const row = { id: deps.newId(), title: titleOf(wanted.question), team: wanted.team.name };
	// The row first: a session that runs without one could be neither found nor deleted.
	const reserved = await tenant.reserve({ ...row, idempotencyKey, fingerprint });
	if (reserved.outcome === "conflict")
		return problem(422, "This Idempotency-Key was already used with another body. Use a new key.");
	// Also for a known one: the request that reserved it may have died before it could open it.
	const { webhooks = [], keys } = reserved;
	const told = { webhooks, ...(keys !== undefined && { keys }) };
	const opened = await deps.session(reserved.id).open({ id: reserved.id, ...wanted, ...told });
	if (!opened.ok) {
		if (reserved.outcome === "new") await tenant.forget(reserved.id);
		return refusal(opened);
	}
	deps.recent.add(reserved.id);
	return made({ deps, request }, reserved);
}

/** A session that is there, shown as the client wants it. */
async function made({ deps, request }: Pick<Call, "deps" | "request">, { id, outcome }: Reserved): Promise<Response> {
	const urls = urlsOf(deps, request, id);
	const headers = { location: urls.url };
	if (acceptsEvents(request)) return watched(deps.session(id), urls.events_url, headers);
	const status = outcome === "new" ? "running" : ((await deps.tenant().row(id))?.status ?? "running");
	return json({ id, status, ...urls } satisfies SessionCreated, { status: 202, headers });
}

type Reserved = { readonly id: string; readonly outcome: "new" | "known" };

/** Whether the answer may be an event stream: only who names it is given one, since it is not what most expect. */
function acceptsEvents(request: Request): boolean {
	const accepted = request.headers.get("accept")?.split(",") ?? [];
	return accepted.some((range) => range.split(";")[0]?.trim().toLowerCase() === "text/event-stream");
}

/** A session's events from the first one on, as the answer to what has made it. */
async function watched(session: SessionRpc, url: string, located: { readonly location: string }): Promise<Response> {
	const events = await session.fetch(new Request(url));
	if (events.status !== 200) return explained(events);
	const headers = new Headers(events.headers);
	headers.set("location", located.location);
	return new Response(events.body, { status: 202, headers });
}

/** `GET /v1/sessions`: newest first, in pages; `q` finds titles. */
export async function listSessions({ deps, request }: Call): Promise<Response> {
	const query = receivedQuery(request, ListQuery);
	if (query instanceof Response) return query;
	const { limit, cursor = null, q } = query;
	const page: SessionPage = await deps.tenant().list({ limit, cursor, ...(q !== undefined && { q }) });
	return json(page);
}

/** `GET /v1/sessions/{id}`. */
export async function showSession({ deps, key }: Call): Promise<Response> {
	const row = await rowOf(deps, key);
	const summary = row === null ? null : await deps.session(key).summary();
	if (row === null || summary === null) return noSession(key);
	return json({ ...summary, title: row.title, created_at: row.created_at } satisfies SessionShown);
}

/** `PATCH /v1/sessions/{id}`: the title is the only thing that can be changed. */
export async function renameSession({ deps, request, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const patch = await received(request, RenameSession);
	if (patch instanceof Response) return patch;
	const row = await deps.tenant().rename(key, patch.title.trim());
	return row === null ? noSession(key) : json(row);
}

/** `DELETE /v1/sessions/{id}`: for good. The row goes last, so that a failure half way can be repeated. */
export async function deleteSession({ deps, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	await destroyed(deps, key);
	deps.recent.drop(key);
	await deps.tenant().forget(key);
	return new Response(null, { status: 204 });
}

/** `GET /v1/sessions/{id}/events`: Server-Sent Events, or a WebSocket on `Upgrade`; the session's object serves both. */
export async function sessionEvents({ deps, request, key }: Call): Promise<Response> {
	if (!deps.recent.has(key) && (await rowOf(deps, key)) === null) return noSession(key);
	const fault = placeIn(request);
	if (fault !== null) return fault;
	if (request.method === "HEAD") return new Response(null, { headers: { "content-type": "text/event-stream" } });
	const headers = new Headers(request.headers);
	headers.delete("authorization");
	headers.delete("massgen-share");
	return explained(await deps.session(key).fetch(new Request(request, { headers })));
}

/** `POST /v1/sessions/{id}/turns`: the next turn, queued while one runs (P16). */
export async function sendMessage({ deps, request, key }: Call): Promise<Response> {
	const row = await rowOf(deps, key);
	if (row === null) return noSession(key);
	const turn = await received(request, SendMessage, { bytesMax: bodyWithFilesBytesMax });
	if (turn instanceof Response) return turn;
	const session = deps.session(key);
	const attachments = newFiles(turn.attachments ?? []);
	const team = attachments.length === 0 ? undefined : (await session.summary())?.team;
	if (team !== undefined) await deps.keys.refreshed();
	const faults = team === undefined ? [] : attachmentFaults(team, attachments, deps.backends);
	if (faults.length > 0) return badInput(faults);
	const beside = { ...chatOf(turn.chat), ...(row.keys !== undefined && { keys: row.keys }) };
	const sent = await session.send(turn.message, attachments, row.webhooks ?? [], beside);
	if (!sent.ok) return refusal(sent);
	return json({ id: key, ...urlsOf(deps, request, key) } satisfies TurnAccepted, { status: 202 });
}

/** `POST /v1/sessions/{id}/steer` (P16). */
export async function steerSession({ deps, request, key }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const command = await received(request, Steer);
	if (command instanceof Response) return command;
	const session = deps.session(key);
	if (command.action === "budget") {
		const summary = await session.summary();
		const faults = summary === null ? [] : budgetFaults(summary.team, command.budget, deps.backends);
		if (faults.length > 0) return badInput(faults);
	}
	const steered = await session.steer(command);
	if (!steered.ok) return refusal(steered);
	return json({ id: key, action: command.action } satisfies SteerAccepted, { status: 202 });
}

/** `POST /v1/sessions/{id}/deliveries/{delivery}/retry`: once more, what was given up. */
export async function retryDelivery({ deps, key, part }: Call): Promise<Response> {
	if ((await rowOf(deps, key)) === null) return noSession(key);
	const retried = await deps.session(key).redeliver(part);
	return retried.ok ? new Response(null, { status: 202 }) : refusal(retried);
}

/** What the session's object answers when it serves no events. */
const eventRefusals = [404, 503] as const;

/** Its refusals are plain text, which only the object itself can word. */
async function explained(response: Response): Promise<Response> {
	const status = eventRefusals.find((refused) => refused === response.status);
	return status === undefined ? response : problem(status, await response.text());
}

/** The contract's session, whose team and turns are as the object gave them. */
type SessionShown = Pick<Session, "title" | "created_at"> &
	NonNullable<Awaited<ReturnType<ReturnType<AppDeps["session"]>["summary"]>>>;

type Requested = {
	readonly question: string;
	readonly team: Team;
	readonly attachments: readonly NewFile[];
	readonly chat?: ChatTarget;
};

/** The question, what was sent with it and the team that shall answer it, or what is wrong with them. */
async function requested(deps: AppDeps, body: unknown): Promise<Requested | Response> {
	const input = checked(CreateSession, body);
	if (input instanceof Response) return input;
	const team = await requestedTeam(deps, input.team);
	if (team instanceof Response) return team;
	const attachments = newFiles(input.attachments ?? []);
	const faults = attachmentFaults(team, attachments, deps.backends);
	return faults.length === 0
		? { question: input.question, team, attachments, ...chatOf(input.chat) }
		: badInput(faults);
}

/** Nothing where a request names no chat. */
function chatOf(chat: ChatTarget | undefined): { readonly chat?: ChatTarget } {
	return chat === undefined ? {} : { chat };
}

async function requestedTeam(deps: AppDeps, named: string | TeamDraft | undefined): Promise<Team | Response> {
	if (named === undefined || typeof named === "string") return teamNamed(deps, named);
	const team = await withKeysOfNow(deps, () => teamOf(named, deps.backends));
	return team.ok ? team.value : badInput(below("team", team.errors));
}

function idempotencyKeyOf(request: Request): string | null | Response {
	const key = request.headers.get("idempotency-key");
	if (key === null) return null;
	const read = parsed(IdempotencyKey, key);
	return read.ok ? read.value : badInput(below("Idempotency-Key", read.errors));
}

/** The question's first characters on one line; whole code points, no control characters. */
function titleOf(question: string): string {
	const line = question.replace(/[\s\p{Cc}]+/gu, " ").trim();
	return (
		Array.from(line.slice(0, 2 * titleCharsFromQuestion))
			.slice(0, titleCharsFromQuestion)
			.join("")
			.trim() || "Untitled"
	);
}

function urlsOf(deps: AppDeps, request: Request, id: string): { readonly url: string; readonly events_url: string } {
	const base = originOf(deps, request);
	return { url: `${base}/v1/sessions/${id}`, events_url: `${base}/v1/sessions/${id}/events` };
}

/** An object that ends its own work by aborting itself cannot answer any more; a fresh one says whether it is gone. */
async function destroyed(deps: AppDeps, id: string): Promise<void> {
	try {
		await deps.session(id).destroy();
	} catch (error) {
		if ((await deps.session(id).summary()) !== null) throw error;
	}
}

/** Only sessions of the tenant can be reached; asking an object of any other id would create it. */
export async function rowOf(deps: AppDeps, id: string): ReturnType<TenantRpc["row"]> {
	return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? deps.tenant().row(id) : null;
}

/** 404 for an id that no session of the tenant has. */
export function noSession(id: string): Response {
	return problem(404, `There is no session \`${id.slice(0, 64)}\`.`);
}

function refusal(refused: Exclude<Accepted, { ok: true }>): Response {
	if (refused.code === "bad_agent") return badInput([{ path: "agent", message: refused.detail }]);
	if (refused.code === "unavailable") return unavailable(refused.detail);
	return problem(refused.code === "not_found" ? 404 : 409, refused.detail);
}

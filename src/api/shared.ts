import type { SharedRow } from "../../durable-objects/rpc.ts";
import { sharedTeam } from "../consensus/shared.ts";
import type { AppDeps, Call } from "./deps.ts";
import { placeIn } from "./events-place.ts";
import { digestOf } from "./fingerprint.ts";
import { json } from "./json-response.ts";
import { problem, unavailable } from "./problem.ts";
import type { SharedSession } from "./share-schema.ts";

/**
 * What a link opens, without a key. All that a stranger can ask is answered alike: a token that nobody gave, one that has
 * expired, one that was ended and one whose session is gone cannot be told apart.
 */

/** `GET /v1/shared/{token}`. */
export async function showShared({ deps, key }: Call): Promise<Response> {
	const row = await openedBy(deps, key);
	const shown = row === null ? null : await sharedSession(deps, row);
	return shown === null ? nothingShared() : json(shown);
}

/** `GET /v1/shared/{token}/events`: as the owner's, without what is the owner's alone. */
export async function sharedEvents({ deps, request, key }: Call): Promise<Response> {
	const row = await openedBy(deps, key);
	if (row === null) return nothingShared();
	const place = placeIn(request);
	if (place instanceof Response) return place;
	if (request.method === "HEAD") return new Response(null, { headers: { "content-type": "text/event-stream" } });
	const events = await deps.session(row.id).fetch(visitOf(deps, request, row));
	if (events.headers.get(shownHeader) === null) return withheld(events);
	if (events.status === 404) return nothingShared();
	return events.status === 503 ? unavailable(await events.text()) : events;
}

/** The session that a token opens now; null where it opens none. */
export async function openedBy(deps: AppDeps, token: string): Promise<SharedRow | null> {
	return deps.tenant().shared(await digestOf(token.slice(0, tokenCharsMax)));
}

/** Far more than a token has. */
const tokenCharsMax = 200;

/** A session without what is its owner's alone; null where it is gone. */
export async function sharedSession(deps: AppDeps, row: SharedRow): Promise<SharedShown | null> {
	const summary = await deps.session(row.id).summary();
	if (summary === null) return null;
	const { calls: _calls, pace: _pace, storage: _storage, deliveries: _deliveries, team, turns, ...rest } = summary;
	const { title, created_at, share } = row;
	return {
		...rest,
		title,
		created_at,
		expires_at: share.expires_at,
		team: sharedTeam(team),
		turns: turns.map((turn) => ({ ...turn, reasons: turn.reasons.map((reason) => ({ ...reason, message: "" })) })),
	} satisfies SharedShown;
}

/** The contract's, whose team and turns are as the object gave them. */
type SharedShown = Pick<SharedSession, "title" | "created_at" | "expires_at"> &
	Omit<NonNullable<Awaited<ReturnType<ReturnType<AppDeps["session"]>["summary"]>>>, "calls" | "pace">;

/** Two words that the session's object and this file agree upon. */
const visitHeader = "massgen-share";
const shownHeader = "massgen-shared";

/** Nothing of the stranger's request goes on but where to begin, and how. */
function visitOf(deps: AppDeps, request: Request, { share }: SharedRow): Request {
	const kept = ["last-event-id", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"];
	const headers = new Headers(kept.flatMap((name) => header(request, name)));
	const untilMs = Math.min(Date.parse(share.expires_at ?? "") || Infinity, deps.now() + visitMsMax);
	headers.set(visitHeader, `${share.id} ${untilMs}`);
	return new Request(request.url, { headers });
}

/** After so long a visitor has to come back, and is let in only if the link still holds. */
const visitMsMax = 15 * 60 * 1000;

function header(request: Request, name: string): readonly [string, string][] {
	const value = request.headers.get(name);
	return value === null ? [] : [[name, value]];
}

/** While a deployment rolls out, an object of the release before would show a stranger everything. */
async function withheld(events: Response): Promise<Response> {
	if (events.webSocket) {
		events.webSocket.accept();
		events.webSocket.close(1000);
	}
	await events.body?.cancel();
	if (events.status === 404) return nothingShared();
	return unavailable("The session cannot be shown to guests at the moment. Try again a little later.");
}

/** What every token is answered that opens nothing. */
export function nothingShared(): Response {
	return problem(404, "Nothing is shared here, or not any more. Ask for a new link where you got this one.");
}

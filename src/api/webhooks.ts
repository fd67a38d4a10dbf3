import type { WebhookRow } from "../../durable-objects/rpc.ts";
import { terminalEvents } from "../consensus/events.ts";
import { received } from "./body.ts";
import type { Call } from "./deps.ts";
import { json } from "./json-response.ts";
import { isLocal } from "./origin.ts";
import { badInput, problem } from "./problem.ts";
import { PutWebhook, WebhookName, type Webhook, type WebhookList } from "./webhook-schema.ts";
import { urlFault } from "./webhook-url.ts";

/** `GET /v1/webhooks`. */
export async function listWebhooks({ deps }: Call): Promise<Response> {
	return json({ webhooks: (await deps.tenant().webhooks()).map(shown) } satisfies WebhookList);
}

/** `GET /v1/webhooks/{name}`. */
export async function showWebhook({ deps, key }: Call): Promise<Response> {
	const row = (await deps.tenant().webhooks()).find(({ name }) => name === key);
	return row === undefined ? noWebhook(key) : json(shown(row));
}

/** `PUT /v1/webhooks/{name}`. The only answer that holds the secret, and only where it is a new one. */
export async function putWebhook({ deps, request, key }: Call): Promise<Response> {
	if (!WebhookName.safeParse(key).success) return badInput([{ path: "name", message: nameFault }]);
	const wanted = await received(request, PutWebhook);
	if (wanted instanceof Response) return wanted;
	const fault = urlFault(wanted.url, { local: isLocal(deps, request) });
	if (fault !== null) return badInput([{ path: "url", message: fault }]);
	const { events = null, secret = null } = wanted;
	const url = new URL(wanted.url).href;
	const put = await deps.tenant().putWebhook({ name: key, url, events, secret });
	if (!put.ok) return problem(409, put.detail);
	return json({ ...shown(put.webhook), ...(put.secret !== null && { secret: put.secret }) } satisfies Webhook);
}

/** `DELETE /v1/webhooks/{name}`. What still waits for it is given up. */
export async function deleteWebhook({ deps, key }: Call): Promise<Response> {
	return (await deps.tenant().dropWebhook(key)) ? new Response(null, { status: 204 }) : noWebhook(key);
}

const nameFault = "must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit";

function shown({ name, url, events, disabled, created_at }: WebhookRow): Webhook {
	return { name, url, events: events ?? [...terminalEvents], disabled, created_at };
}

function noWebhook(name: string): Response {
	return problem(404, `There is no webhook \`${name.slice(0, 64)}\`. GET /v1/webhooks lists what there is.`);
}

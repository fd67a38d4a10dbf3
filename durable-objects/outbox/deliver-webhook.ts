import { retryAfterOf } from "../../src/backends/pace/retry-after.ts";
import { bytesIn } from "../../src/std/base64.ts";
import type { Deliver, Delivered, Delivery } from "./outbox.ts";
import type { TenantRpc } from "../rpc.ts";

export type WebhookDeps = {
	readonly tenant: () => Pick<TenantRpc, "webhookTarget" | "disableWebhook">;
	readonly fetch: typeof fetch;
	/** Milliseconds since the Unix epoch. */
	readonly now: () => number;
};

/**
 * Sends as Standard Webhooks has it: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * Address and secret are read at each try, so that a new secret or the end of a subscription counts at once.
 */
export function deliverWebhook({ tenant, fetch: send, now }: WebhookDeps): Deliver {
	return async (delivery, signal) => {
		const name = delivery.address;
		const target = await tenant().webhookTarget(name);
		if (target === null) return { outcome: "dead", reason: "there is no webhook of this name any more" };
		if (target.disabled !== null) return { outcome: "dead", reason: `the webhook is disabled: ${target.disabled}` };
		const headers = await signed(delivery, target.secret, Math.floor(now() / 1000));
		const response = await answered(send, new Request(target.url, requestOf(delivery, { headers, signal })));
		if (response === null) return { outcome: "retry", afterMs: null, reason: "could not be reached" };
		// Nobody needs what it says, and it may say it without end. A body that breaks off changes nothing about the status.
		response.body?.cancel().catch(() => undefined);
		if (response.status === gone)
			await tenant().disableWebhook({ name, url: target.url, reason: "it answered 410" });
		return outcomeOf(response, now());
	};
}

const gone = 410;

/** The headers that sign this payload; `whsec_` and base64 is how a secret is written. */
async function signed({ id, payload }: Delivery, secret: string, sentS: number): Promise<Record<string, string>> {
	const key = await crypto.subtle.importKey("raw", bytesIn(secret.replace(/^whsec_/, "")), hmac, false, ["sign"]);
	const mac = await crypto.subtle.sign(hmac.name, key, new TextEncoder().encode(`${id}.${sentS}.${payload}`));
	const signature = btoa(String.fromCharCode(...new Uint8Array(mac)));
	return { "webhook-id": id, "webhook-timestamp": String(sentS), "webhook-signature": `v1,${signature}` };
}

const hmac = { name: "HMAC", hash: "SHA-256" } as const;

function requestOf(
	{ payload }: Delivery,
	{ headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
) {
	const told = { "content-type": "application/json", "user-agent": "massgen-edge" };
	// A redirect could lead where the rules for addresses do not.
	return { method: "POST", body: payload, headers: { ...told, ...headers }, redirect: "manual", signal } as const;
}

/** Null where no answer came; why is not told, since errors may hold the address. */
async function answered(send: typeof fetch, request: Request): Promise<Response | null> {
	try {
		return await send(request);
	} catch {
		return null;
	}
}

/**
 * To the specification 2xx is success, 410 the end, and everything else a failure that is tried again, 3xx and 4xx too: most
 * wrong answers are mended by somebody. That 429, 502 and 504 throttle is the outbox's part: it holds back all of a target.
 */
function outcomeOf(response: Response, nowMs: number): Delivered {
	const { status, ok } = response;
	if (ok) return { outcome: "sent" };
	if (status === gone) return { outcome: "dead", reason: "it answered 410: nobody wants it any more" };
	const redirects = status >= 300 && status < 400 ? "; redirects are not followed" : "";
	return { outcome: "retry", afterMs: retryAfterOf(response, nowMs), reason: `it answered ${status}${redirects}` };
}

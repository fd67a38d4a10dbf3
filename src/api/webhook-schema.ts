import { z } from "zod";
import { decodedBytes } from "../std/base64.ts";
import { Event } from "./contract.ts";
import { nearest } from "./nearest.ts";

/** Outgoing webhooks, as Standard Webhooks has them: https://www.standardwebhooks.com */

const urlCharsMax = 2048;
/** As the specification bounds them. */
const secretBytes = { min: 24, max: 64 } as const;

const eventTypes: readonly string[] = Event.options.map(({ shape }) => shape.type.value);

export const WebhookName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** What a person puts in an address, whoever serves: what else is allowed depends on where the server stands. */
const url = z.string().min(1).max(urlCharsMax);
const eventType = z.string().refine((type) => eventTypes.includes(type), { error: ({ input }) => unknownType(input) });
const secret = z.string().refine(isSecret, {
	error: `must be \`whsec_\` and the base64 of ${secretBytes.min} to ${secretBytes.max} bytes`,
});

export const PutWebhook = z.strictObject({
	url,
	/** Left out: those that end a turn. */
	events: z.array(eventType).min(1).max(eventTypes.length).exactOptional(),
	/** Left out: the one it has, or a fresh one. */
	secret: secret.exactOptional(),
});

export const Webhook = z.object({
	name: z.string(),
	url: z.string(),
	events: z.array(z.string()).readonly(),
	/** Why nothing is sent to it any more. */
	disabled: z.string().nullable(),
	created_at: z.string(),
	/** Only in the answer to the request that set it. */
	secret: z.string().exactOptional(),
});
export type Webhook = z.output<typeof Webhook>;
export const WebhookList = z.object({ webhooks: z.array(Webhook).readonly() });
export type WebhookList = z.output<typeof WebhookList>;

function unknownType(given: unknown): string {
	const meant = typeof given === "string" ? nearest(given, eventTypes) : null;
	return `is no type of event${meant === null ? "" : `; did you mean \`${meant}\`?`}`;
}

function isSecret(text: string): boolean {
	const bytes = text.startsWith("whsec_") ? decodedBytes(text.slice("whsec_".length)) : null;
	return bytes !== null && bytes >= secretBytes.min && bytes <= secretBytes.max;
}

import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { JsonObject } from "../../../src/std/json.ts";

export type DiscordKeys = { readonly publicKeyHex: string; readonly privateKey: KeyObject };

/** An application's keys, as they are in its portal: the public one as 64 hex digits. */
export function discordKeys(): DiscordKeys {
	const { publicKey, privateKey } = generateKeyPairSync("ed25519");
	const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
	return { publicKeyHex: raw.toString("hex"), privateKey };
}

export type DiscordSigning = {
	readonly keys: DiscordKeys;
	/** Text is sent as it is. */
	readonly body: JsonObject | string;
	/** Unix time in milliseconds. */
	readonly at: number;
	readonly url?: string;
};

/** An interaction, or an event, as Discord would send it. */
export function signedInteraction({ keys, body, at, url }: DiscordSigning): Request {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const seconds = String(Math.floor(at / 1000));
	return requestOf(text, { "x-signature-ed25519": signature(keys, seconds + text), [timestampHeader]: seconds }, url);
}

/** Requests that Discord sends, or anybody else may, to see whether signatures are checked: each must be answered 401. */
export function malformedInteractions(signing: DiscordSigning): readonly (readonly [what: string, request: Request])[] {
	const { keys, at, url } = signing;
	const text = typeof signing.body === "string" ? signing.body : JSON.stringify(signing.body);
	const seconds = String(Math.floor(at / 1000));
	const good = signature(keys, seconds + text);
	const flipped = (good.startsWith("0") ? "1" : "0") + good.slice(1);
	const other = signature(discordKeys(), seconds + text);
	const sent = (given: string | null, timestamp: string | null = seconds, body = text): Request =>
		requestOf(
			body,
			{
				...(given === null ? {} : { "x-signature-ed25519": given }),
				...(timestamp === null ? {} : { [timestampHeader]: timestamp }),
			},
			url,
		);
	return [
		["no header at all", sent(null, null)],
		["no signature", sent(null)],
		["no timestamp", sent(good, null)],
		["an empty signature", sent("")],
		["an odd number of hex digits", sent(good.slice(0, -1))],
		["a signature that is no hex", sent("z".repeat(128))],
		["a signature of ten bytes", sent(good.slice(0, 20))],
		["a signature that is too long", sent(`${good}00`)],
		["a changed signature", sent(flipped)],
		["a signature of zeros", sent("0".repeat(128))],
		["a changed body", sent(good, seconds, `${text} `)],
		["an empty body", sent(good, seconds, "")],
		["an empty body that is signed", sent(signature(keys, seconds), seconds, "")],
		["another timestamp", sent(good, String(Number(seconds) + 1))],
		["the key of another application", sent(other)],
	];
}

const timestampHeader = "x-signature-timestamp";

function signature({ privateKey }: DiscordKeys, signed: string): string {
	return sign(null, Buffer.from(signed), privateKey).toString("hex");
}

function requestOf(body: string, headers: Readonly<Record<string, string>>, url?: string): Request {
	return new Request(url ?? "http://127.0.0.1/discord/interactions", {
		method: "POST",
		headers: { "content-type": "application/json", "user-agent": "Discord-Interactions/1.0", ...headers },
		body,
	});
}

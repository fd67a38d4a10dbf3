import type { GoogleGenAI } from "@google/genai";
import { builtBy, recording, type Built } from "../call/built.ts";
import type { Endpoint } from "../hosts.ts";

/** The request that Google's client sends, to be performed by us. Its default version is v1, where new models come last. */
export async function builtByGemini(
	{ baseUrl, key }: Endpoint,
	send: (client: GoogleGenAI) => Promise<unknown>,
): Promise<Built> {
	const { GoogleGenAI: Client } = await import("@google/genai");
	return builtBy((record) => {
		const httpOptions = { baseUrl, apiVersion: "v1beta", fetch: recording(record) };
		return send(new Client({ apiKey: key ?? "", vertexai: false, httpOptions }));
	});
}

/** From Gemini 3 on thoughts are always there, and calls of functions are signed. */
export function isGemini3(model: string): boolean {
	return /^gemini-([3-9]|\d\d)/.test(model);
}

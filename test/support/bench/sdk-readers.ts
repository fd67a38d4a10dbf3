import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import type { SpokenWire } from "../fake-script.ts";
import type { ChunksAsked } from "./chunks.ts";

type Asked = Pick<ChunksAsked, "url" | "model">;

/** The same stream as each official SDK reads it, event by event, without its helpers. */
export const sdkReaders: Readonly<Record<SpokenWire, (asked: Asked) => Promise<AsyncIterable<unknown>>>> = {
	"anthropic-messages": ({ url, model }) =>
		new Anthropic({ apiKey: "bench", baseURL: url }).messages.create({
			model,
			max_tokens: 1000,
			messages: [{ role: "user", content: "?" }],
			stream: true,
		}),
	"openai-responses": ({ url, model }) =>
		new OpenAI({ apiKey: "bench", baseURL: `${url}/v1` }).responses.create({ model, input: "?", stream: true }),
	"openai-chat": ({ url, model }) =>
		new OpenAI({ apiKey: "bench", baseURL: `${url}/v1` }).chat.completions.create({
			model,
			messages: [{ role: "user", content: "?" }],
			stream: true,
		}),
	"gemini-generate": ({ url, model }) => gemini(url).models.generateContentStream({ model, contents: "?" }),
	"gemini-interactions": ({ url, model }) => gemini(url).interactions.create({ model, input: "?", stream: true }),
};

function gemini(url: string): GoogleGenAI {
	return new GoogleGenAI({ apiKey: "bench", httpOptions: { baseUrl: url, apiVersion: "v1beta" } });
}

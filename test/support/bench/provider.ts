import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type Provider = {
	readonly url: string;
	/** What the Worker needs to take it for every provider. */
	readonly settings: Readonly<Record<string, string>>;
	readonly close: () => void;
};

/** Starts the fake provider in a process of its own. */
export async function startProvider(): Promise<Provider> {
	const child = fork(join(import.meta.dirname, "provider-process.ts"));
	const [url]: unknown[] = await once(child, "message");
	if (typeof url !== "string") throw new Error("the fake provider did not say where it listens");
	return { url, settings: settingsFor(url), close: () => child.disconnect() };
}

function settingsFor(url: string): Record<string, string> {
	return {
		ANTHROPIC_BASE_URL: url,
		ANTHROPIC_API_KEY: "bench-anthropic",
		OPENAI_BASE_URL: `${url}/v1`,
		OPENAI_API_KEY: "bench-openai",
		GEMINI_BASE_URL: url,
		GEMINI_API_KEY: "bench-gemini",
		GROQ_BASE_URL: `${url}/v1`,
		GROQ_API_KEY: "bench-groq",
	};
}

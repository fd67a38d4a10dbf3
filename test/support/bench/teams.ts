import type { SpokenWire } from "../fake-script.ts";

/** One agent of a measured session: its backend, and how the same call is made without us. */
export type BenchAgent = {
	readonly id: string;
	readonly backend: string;
	readonly model: string;
	readonly path: string;
};

/** Four agents that all speak the wire most hosts speak, or four that speak a wire each. */
export const teams = {
	chat: ["openai-chat", "openai-chat", "openai-chat", "openai-chat"],
	wires: ["anthropic-messages", "openai-responses", "gemini-generate", "openai-chat"],
} as const satisfies Record<string, readonly SpokenWire[]>;

export type TeamName = keyof typeof teams;

/** Every wire once. */
export const wireNames: readonly SpokenWire[] = [...teams.wires, "gemini-interactions"];

/** An agent for each of these wires. The model tells the provider which of the four it talks to. */
export function teamOf(wires: readonly SpokenWire[]): readonly BenchAgent[] {
	return wires.map((wire, at) => {
		const model = `m${at + 1}`;
		const { backend, path } = calls[wire];
		return { id: `a${at + 1}`, backend, model, path: path.replace("MODEL", model) };
	});
}

const calls = {
	"anthropic-messages": { backend: "anthropic", path: "/v1/messages" },
	"openai-responses": { backend: "openai", path: "/v1/responses" },
	"gemini-generate": { backend: "gemini", path: "/v1beta/models/MODEL:streamGenerateContent?alt=sse" },
	"gemini-interactions": { backend: "gemini", path: "/v1beta/interactions" },
	"openai-chat": { backend: "groq", path: "/v1/chat/completions" },
} as const satisfies Record<SpokenWire, { backend: string; path: string }>;

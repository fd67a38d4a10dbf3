import type { Message, ModelRequest } from "../../../src/backends/backend.ts";

/** The tools of the protocol by name, as a request offers them. */
export type Offer = "new_answer" | "vote";

/** A request as a session would make it, with these messages and tools. */
export function demoRequest(model: string, messages: readonly Message[], offers: readonly Offer[]): ModelRequest {
	return {
		model,
		system: "",
		tools: offers.map((name) => ({ name, description: "", parameters: { type: "object" } })),
		messages,
		serverTools: [],
		output: null,
		resumable: false,
		outputTokensMax: 1_000,
		params: {},
		cacheKey: "test",
		firstByteTimeoutMs: 1_000,
		stallTimeoutMs: 1_000,
	};
}

/** The first message of a round: the question and the answers shown with it, labelled in this order. */
export function asking(question: string, answers: readonly string[] = []): Message {
	return {
		role: "user",
		text: [
			`<question>${question}</question>`,
			...answers.map((text, i) => answerBlock(`answer_${i + 1}`, text)),
		].join("\n\n"),
	};
}

/** One answer as a prompt shows it. */
export function answerBlock(label: string, text: string, attributes: string = ""): string {
	return `<answer label="${label}"${attributes}>${text}</answer>`;
}

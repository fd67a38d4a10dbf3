import type { OfferedTool } from "../consensus/events.ts";
import { labelNames } from "../consensus/labels.ts";
import type { PromptTool } from "./prompt.ts";

/** P1, P5, P13: the tools on offer. The labels are the same for every voter and round, so that caches hit. */
export function offeredTools(offers: readonly OfferedTool[], seats: number): readonly PromptTool[] {
	const all = { new_answer: newAnswer, vote: voteAmong(seats), submit, restart } satisfies Record<
		OfferedTool,
		PromptTool
	>;
	return offers.map((offer) => all[offer]);
}

const newAnswer: PromptTool = {
	name: "new_answer",
	description:
		"Give your own complete answer to the question, or a better one than all that were shown to you. It must stand by itself: nobody sees your other text. Those who have voted will have to decide again.",
	parameters: {
		type: "object",
		properties: {
			content: { type: "string", description: "The complete answer, as the person who asked should read it." },
		},
		required: ["content"],
		additionalProperties: false,
	},
};

function voteAmong(seats: number): PromptTool {
	return {
		name: "vote",
		description:
			"Vote for the answer that serves the person best. Use it when no change of yours would improve on that answer.",
		parameters: {
			type: "object",
			properties: {
				answer: {
					type: "string",
					enum: [...labelNames(seats)],
					description: "The label of one answer that was shown to you.",
				},
				reason: {
					type: "string",
					description: "Why this one, and what the others get wrong: one to three sentences.",
				},
			},
			required: ["answer", "reason"],
			additionalProperties: false,
		},
	};
}

const submit: PromptTool = {
	name: "submit",
	description: "Let the answer that you have just written stand as the final one.",
	parameters: { type: "object", properties: {}, required: [], additionalProperties: false },
};

const restart: PromptTool = {
	name: "restart",
	description:
		"Have the whole team begin anew, because the answer that you have just written would not serve the person: something asked for is missing, or what it rests on is wrong. It costs as much again, so use it only where other work would change the answer.",
	parameters: {
		type: "object",
		properties: {
			reason: { type: "string", description: "What is wrong or missing: one to three sentences." },
			instructions: {
				type: "string",
				description: "What every expert should do differently this time, as directly as you can.",
			},
		},
		required: ["reason", "instructions"],
		additionalProperties: false,
	},
};

import type { View } from "../../api/view.ts";

/** What a turn goes through, as people name it. */
export const steps = ["Alone", "Together", "Presenting", "Done"] as const;
export type Step = (typeof steps)[number];

/** The step a turn is at; null: it has not begun. */
export function stepOf(view: View): Step | null {
	switch (view.phase) {
		case "waiting":
			return null;
		case "deliberating":
			return view.sealed ? "Alone" : "Together";
		case "presenting":
			return "Presenting";
		default:
			return "Done";
	}
}

/** Whether something is under way that could be steered. */
export function isRunning({ phase }: View): boolean {
	return phase === "deliberating" || phase === "presenting";
}

/** In a few words, where a session stands. */
export function phaseTitle(view: View): string {
	if (view.waiting !== null) return "Waiting for you";
	switch (view.phase) {
		case "waiting":
			return "Starting";
		case "deliberating":
			return view.sealed ? "Each works alone" : "Deliberating";
		case "presenting":
			return "Writing the answer";
		case "done":
			return view.outcome.status === "consensus" ? "Agreed" : "No agreement";
		case "failed":
			return "Failed";
		case "cancelled":
			return "Cancelled";
		default:
			return view.phase satisfies never;
	}
}

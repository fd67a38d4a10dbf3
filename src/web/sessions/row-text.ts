import type { Row } from "./use-sessions.ts";

export const statusNames = {
	running: "running",
	waiting: "waits for you",
	done: "answered",
	failed: "failed",
	cancelled: "cancelled",
} as const satisfies Record<Row["status"], string>;

export const statusTones = {
	running: "accent",
	waiting: "warn",
	done: "good",
	failed: "bad",
	cancelled: "",
} as const satisfies Record<Row["status"], string>;

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** When it was, in the reader's own manner. */
export function dayText(at: string): string {
	return day.format(new Date(at));
}

import type { LoggedEvent } from "../../consensus/events.ts";

/** The place in the built template where the log goes. */
export const logMark = "{{log}}";
export const logCharsMax = 64 * 1024 * 1024;

/**
 * A file that shows a session without any server: the built template with the log in it. Null: the log is too long for that.
 * Whatever agents have said stands within one block of data, which it cannot end: `<` is written as an escape of JSON.
 */
export function offlineHtml(template: string, events: readonly LoggedEvent[]): string | null {
	const log = JSON.stringify(events).replaceAll("<", String.raw`\u003c`);
	if (log.length > logCharsMax) return null;
	// The first: the script behind it knows the mark as well.
	const at = template.indexOf(logMark);
	if (at === -1) throw new Error("the template has no place for a log");
	return template.slice(0, at) + log + template.slice(at + logMark.length);
}

/** The log in such a file. It was written by this page, so it is trusted. */
export function logIn(text: string): readonly LoggedEvent[] {
	const parsed: unknown = JSON.parse(text);
	return parsed as readonly LoggedEvent[];
}

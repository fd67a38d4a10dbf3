/** Takes text cut anywhere; `onData` gets the data of each event. Nothing is kept but the unfinished event. */
export type SseParser = {
	/** False once a line or an event is longer than allowed: nothing after it is read. */
	readonly push: (text: string) => boolean;
	/** The data of an event that no blank line had ended yet, if any. */
	readonly end: () => string | null;
};

/** Longest line and longest data of one event. Recorded images come to some 3 MiB in one line. */
export const sseCharsMax = 8 * 1024 * 1024;

/** Text in which an event begins at `from`. `before`: where the one before it began; null where that is not in it. */
export type Events = { readonly text: string; readonly from: number; readonly before: number | null };
/** Takes whole events from there on, where it need not look at their lines, and says where the next one begins. */
export type Skim = (events: Events) => number;

/**
 * Server-Sent Events as https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream has them,
 * except that `event`, `id` and `retry` are ignored: every wire here names its events inside the data. A line `error: ...`
 * counts as data that says `{"error": ...}`, because llama.cpp reports a failure of its own in that way.
 */
export function sseParser(
	onData: (data: string) => void,
	skim: Skim = ({ from }) => from,
	charsMax: number = sseCharsMax,
): SseParser {
	let rest = "";
	let data: string | null = null;
	let afterReturn = false;
	let tooLong = false;

	function normalised(text: string): string {
		if (text === "") return text;
		const fresh = afterReturn && text.startsWith("\n") ? text.slice(1) : text;
		afterReturn = text.endsWith("\r");
		return fresh.includes("\r") ? fresh.replace(/\r\n?/g, "\n") : fresh;
	}

	function dispatch(): void {
		if (data === null) return;
		const whole = data;
		data = null;
		onData(whole);
	}

	function takeLine(line: string): void {
		if (line === "") return dispatch();
		const value = dataOf(line);
		if (value === null) return;
		data = data === null ? value : `${data}\n${value}`;
		tooLong ||= data.length > charsMax;
	}

	function push(text: string): boolean {
		const fresh = normalised(text);
		let from = 0;
		let begin: number | null = null;
		const skimmed = (): void => {
			from = fresh.length > charsMax ? from : skim({ text: fresh, from, before: begin });
			begin = from;
		};
		if (rest === "" && data === null) skimmed();
		for (let at = fresh.indexOf("\n", from); at >= 0 && !tooLong; at = fresh.indexOf("\n", from)) {
			const line = rest + fresh.slice(from, at);
			rest = "";
			from = at + 1;
			tooLong = line.length > charsMax;
			if (!tooLong) takeLine(line);
			if (line === "") skimmed();
		}
		rest += fresh.slice(from);
		tooLong ||= rest.length > charsMax;
		return !tooLong;
	}

	function end(): string | null {
		if (rest !== "" && !tooLong) takeLine(rest);
		return data;
	}

	return { push, end };
}

function dataOf(line: string): string | null {
	const name = line.startsWith("data") ? 4 : line.startsWith("error:") ? 5 : -1;
	if (name < 0) return null;
	if (line.length === name) return "";
	if (line[name] !== ":") return null;
	const value = line.slice(line[name + 1] === " " ? name + 2 : name + 1);
	return name === 4 ? value : errorData(value);
}

/** The line holds the error itself, or already what the data of an event would be, or words. */
function errorData(value: string): string {
	if (value.startsWith('{"error"')) return value;
	return `{"error":${value.startsWith("{") ? value : JSON.stringify(value)}}`;
}

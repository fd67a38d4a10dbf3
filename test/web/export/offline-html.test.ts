import { expect, test } from "vitest";
import type { LoggedEvent } from "../../../src/consensus/events.ts";
import { fileNameOf } from "../../../src/web/export/file-name.ts";
import { logCharsMax, logIn, logMark, offlineHtml } from "../../../src/web/export/offline-html.ts";
import { logged } from "../state/logged.ts";

const template = `<script type="application/json" id="log">${logMark}</script><script>"${logMark}"</script>`;
const dataIn = (html: string | null) => /id="log">(.*?)<\/script>/s.exec(html ?? "")?.[1] ?? "";

test.each([
	"</script><script>alert(1)</script>",
	"<!--<script>",
	"$& $1 $$",
	"\u2028\u202e\u0000",
	logMark,
	"𝒳".repeat(10),
])("what is said is the same behind, and never ends its block: %o", (text) => {
	const events = logged([{ type: "note.added", text }]);
	const html = offlineHtml(template, events);
	expect(logIn(dataIn(html))).toEqual(events);
	expect([html?.startsWith('<script type="application/json" id="log">['), html?.split("<").length]).toEqual([
		true,
		5,
	]);
});

test.each([
	[logCharsMax, true],
	[logCharsMax + 1, false],
])("of a log of %i characters a page can be made: %s", (chars, made) => {
	const [event] = logged([{ type: "note.added", text: "" }]) as [LoggedEvent];
	const text = "x".repeat(chars - JSON.stringify([event]).length);
	expect(offlineHtml(logMark, [{ ...event, text } as LoggedEvent]) !== null).toBe(made);
});

test("a template without a place for the log is refused", () => {
	expect(() => offlineHtml("<p>", [])).toThrow("no place");
});

test.each([
	["What is 2+3*4?", "massgen-what-is-2-3-4.html"],
	["Größe? Ñandú!", "massgen-gro-e-nandu.html"],
	["../../etc", "massgen-etc.html"],
	["何ですか", "massgen.html"],
	["x".repeat(100), `massgen-${"x".repeat(60)}.html`],
])("the file of %o is called %s", (question, name) => expect(fileNameOf(question, "html")).toBe(name));

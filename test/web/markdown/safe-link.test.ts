import { expect, test } from "vitest";
import { withoutEntities } from "../../../src/web/markdown/entities.ts";
import { safeLink } from "../../../src/web/markdown/safe-link.ts";

test.each<[string, string | null]>([
	["https://example.org/a?b", "https://example.org/a?b"],
	["http://example.org", "http://example.org/"],
	["mailto:a@example.org", "mailto:a@example.org"],
	["javascript:alert(1)", null],
	["JaVaScRiPt:alert(1)", null],
	["\u0001javascript:alert(1)", null],
	["data:text/html,x", null],
	["blob:http://127.0.0.1/x", null],
	["file:///etc/passwd", null],
	["/s/abc", null],
	["//example.org", null],
	["", null],
])("the link %j leads to %j", (href, expected) => {
	expect(safeLink(href)?.href ?? null).toBe(expected);
});

test.each([
	["a &amp;&lt; b", "a &< b"],
	["&#38;&#x26;", "&&"],
	["&amp;lt;", "&lt;"],
	["&nosuch; &", "&nosuch; &"],
	["&#0;&#xD800;&#9999999;", "\ufffd\ufffd\ufffd"],
])("the reference %j is %j", (text, expected) => {
	expect(withoutEntities(text)).toBe(expected);
});

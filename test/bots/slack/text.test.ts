import { expect, test } from "vitest";
import { called, cut, duration, escaped, line, markdown, moment, plain, questionIn } from "../../../bots/slack/text.ts";

const joiner = "\u2060";

test.each([
	["<@U0BOT> Which city?", "Which city?"],
	["hey <@U0BOT|massgen> and <@U0OTHER>, which?", "hey   and @U0OTHER, which?"],
	[
		"<@U0BOT> say <!channel> &amp; <!here> <https://evil.example|click> `x`",
		"say @channel & @here click (https://evil.example) `x`",
	],
	["<@U0BOT> 1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"],
	["<@U0BOT> see <#C1|general> and <https://a.example/x>", "see #general and https://a.example/x"],
	["<@U0BOT> <https://a.example|a.example> <mailto:a@b.c|a@b.c>", "https://a.example mailto:a@b.c"],
	["<@U0BOT> ask <!subteam^S1|@devs>", "ask @devs"],
	["<@U0BOT>", ""],
	["&amp;lt;", "&lt;"],
])("the question in %j", (text, question) => expect(questionIn(text, "U0BOT")).toBe(question));

test.each([
	["<!channel> & <@U0OTHER>", `<${joiner}!channel> & <${joiner}@U0OTHER>`],
	["mail a@b.c or @here!", `mail a@b.c or @${joiner}here!`],
	["a picture ![x](https://e.example/p)", `a picture !${joiner}[x](https://e.example/p)`],
	["`vec![1, 2]` and\n```rust\n#![allow(x)]\n```\n", "`vec![1, 2]` and\n```rust\n#![allow(x)]\n```\n"],
	["`![x](https://e.example)`", `\`!${joiner}[x](https://e.example)\``],
	["a < b and <b>bold</b>", "a < b and <b>bold</b>"],
])("a model's Markdown %j is shown, not obeyed", (text, shown) => expect(markdown(text)).toBe(shown));

test("one line of a model's is escaped where markup is read, and only there", () => {
	expect([line("a <b>\n& \u202Ec", 20), plain("a <b>\n& \u202Ec", 20)]).toEqual(["a &lt;b&gt; &amp; c", "a <b> & c"]);
	expect(escaped("<&>")).toBe("&lt;&amp;&gt;");
});

test.each([
	["short", 10, "short"],
	["one two three four", 18, "one two three four"],
	["one two three four", 17, "one two…"],
	["a longer para\n\npara two and more", 22, "a longer para…"],
	["```\ncode\ncode\ncode\n```", 18, "```\ncode\ncode\n```"],
	["x".repeat(50), 20, `${"x".repeat(16)}…`],
	[`${"x".repeat(15)}😀😀😀`, 20, `${"x".repeat(15)}…`],
])("%j cut at %i", (text, max, kept) => {
	expect(cut(text, max)).toBe(kept);
	expect(cut(text, max).length).toBeLessThanOrEqual(max);
});

test("moments are shown in the reader's own time", () => {
	expect(moment(1_790_000_000_000)).toBe("<!date^1790000000^{date_short_pretty} at {time}|2026-09-21 14:13 UTC>");
	expect([duration(59), duration(60), duration(3725)]).toEqual(["59s", "1m 0s", "62m 5s"]);
});

test.each([
	["U0ASKER", "<@U0ASKER>"],
	["", ""],
	["U1> <!channel", ""],
])("whoever is called has an id: %j", (user, call) => expect(called(user)).toBe(call));

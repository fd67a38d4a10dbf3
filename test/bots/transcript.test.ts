import { expect, test } from "vitest";
import { transcriptCharsMax, transcriptOf } from "../../bots/transcript.ts";

const exporting = (text: string) => ({ exported: async () => new Blob([text]) });

test.each<[what: string, chars: number, more: string]>([
	["as long as may be is whole", transcriptCharsMax, ""],
	[
		"longer is cut and says so",
		transcriptCharsMax + 1,
		"\n\n*The rest is left out: it is too long for a file here.*\n",
	],
])("a document that is %s", async (_, chars, more) => {
	const text = await transcriptOf(exporting("x".repeat(chars)), "s1");
	expect(text === `${"x".repeat(transcriptCharsMax)}${more}`).toBe(true);
});

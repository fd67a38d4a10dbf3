import { setTimeout as sleep } from "node:timers/promises";
import type { Brain, Step } from "../fake-script.ts";

const lookMs = 10;
const tokenChars = 4;

/** What models write: paragraphs, marks, lists, code, a table. */
const sample = `## A first look

The question has **two readings**, and the difference between them decides the matter. Taken literally, it asks how many
pairs there are; taken as it was meant, it asks for the *ordered* ones, which are twice as many.

1. Count the pairs without regard to their order: \`n * (n - 1) / 2\`.
2. Double them.
3. Check the result with a small case, say \`n = 3\`: six.

| n | unordered | ordered |
|---|---:|---:|
| 3 | 3 | 6 |
| 4 | 6 | 12 |

\`\`\`python
def ordered(n: int) -> int:
    return n * (n - 1)
\`\`\`

> Whoever counts by hand should stop at four.

- The formula holds for [every n](https://example.org/proof) above one.
- For one it gives none, which is right.

`;
const pieces = sample.match(new RegExp(`[^]{1,${tokenChars}}`, "gu")) ?? [];

/** A model that streams at this pace, however late its timer is, and hands in nothing until it is stopped. */
export function paced(tokensPerSecond: number, stop: AbortSignal): Brain {
	return async function* tokens({ signal }): AsyncGenerator<Step> {
		const startedMs = performance.now();
		for (let told = 0; !signal.aborted && !stop.aborted;) {
			const due = Math.floor(((performance.now() - startedMs) / 1000) * tokensPerSecond);
			for (; told < due; told += 1) yield { text: pieces[told % pieces.length] ?? "" };
			await sleep(lookMs);
		}
	};
}

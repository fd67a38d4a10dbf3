import type { ToolUse } from "../../state/speech.ts";
import { ScrollArea } from "../../shell/scroll-area.tsx";

const resultCharsMax = 20_000;
const argumentsCharsMax = 20_000;

/** A tool that was called: its name at a glance, the rest unfolded. */
export function ToolCard({ use }: { readonly use: ToolUse }) {
	const { tool, outcome } = use;
	const state = outcome === null ? "runs" : outcome.ok ? "ok" : "failed";
	return (
		<details className="tool-card" data-state={state}>
			<summary>
				<span className="mono">
					<bdi>{tool}</bdi>
				</span>
				<span className="glimpse soft" dir="ltr">
					{Object.values(use.arguments).map(String).join(" ").slice(0, 80)}
				</span>
				<span className={state === "failed" ? "chip bad" : "chip"}>{state}</span>
			</summary>
			<ScrollArea className="tool-text" label="Arguments">
				<pre>{JSON.stringify(use.arguments, null, 2).slice(0, argumentsCharsMax)}</pre>
			</ScrollArea>
			{outcome !== null && (
				<ScrollArea className="tool-text" label="Result">
					<pre dir="auto">{outcome.result.slice(0, resultCharsMax)}</pre>
				</ScrollArea>
			)}
		</details>
	);
}

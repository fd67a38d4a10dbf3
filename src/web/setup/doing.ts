import { unreachable } from "../../std/assert.ts";
import { triedText, type Tried } from "./tried-text.ts";

/** What is being done with a provider, and what came of it. */
export type Doing =
	| { readonly status: "rest" }
	| { readonly status: "busy"; readonly what: string }
	| { readonly status: "tried"; readonly tried: Tried }
	| { readonly status: "refused"; readonly fault: string; readonly paths: readonly string[] };

/** What to tell of it; null: nothing. */
export function doingText(doing: Doing): { readonly tone: "" | "good" | "bad"; readonly text: string } | null {
	switch (doing.status) {
		case "rest":
			return null;
		case "busy":
			return { tone: "", text: doing.what };
		case "tried":
			return { tone: doing.tried.ok ? "good" : "bad", text: triedText(doing.tried) };
		case "refused":
			return { tone: "bad", text: doing.fault };
		default:
			return unreachable(doing);
	}
}

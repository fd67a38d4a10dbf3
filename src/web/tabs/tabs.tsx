import { lazy, type ComponentType } from "react";
import { AnswerTab } from "./answer-tab.tsx";
import { LogTab } from "./log-tab.tsx";

export type Tab = {
	/** The letter that opens it, and its name in the address. */
	readonly key: string;
	readonly title: string;
	/** Takes what it shows from `useRoom()`. */
	readonly component: ComponentType;
};

/** The parts of a session's page, in their order; the first is where one arrives. What one opens later is loaded then. */
export const tabs: readonly [Tab, ...Tab[]] = [
	{ key: "a", title: "Answer", component: AnswerTab },
	{ key: "v", title: "Votes", component: lazy(async () => part((await import("../votes/votes-tab.tsx")).VotesTab)) },
	{
		key: "t",
		title: "Timeline",
		component: lazy(async () => part((await import("../timeline/timeline-tab.tsx")).TimelineTab)),
	},
	{ key: "c", title: "Cost", component: lazy(async () => part((await import("../cost/cost-tab.tsx")).CostTab)) },
	{
		key: "w",
		title: "What if",
		component: lazy(async () => part((await import("../whatif/what-if-tab.tsx")).WhatIfTab)),
	},
	{ key: "l", title: "Log", component: LogTab },
];

function part(component: ComponentType): { readonly default: ComponentType } {
	return { default: component };
}

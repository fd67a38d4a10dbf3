import type { ComponentType } from "react";
import { AnswerTab } from "./answer-tab.tsx";
import { LogTab } from "./log-tab.tsx";

export type Tab = {
	/** The letter that opens it, and its name in the address. */
	readonly key: string;
	readonly title: string;
	/** Takes what it shows from `useRoom()`. */
	readonly component: ComponentType;
};

/** The parts of a session's page, in their order; the first is where one arrives. */
export const tabs: readonly [Tab, ...Tab[]] = [
	{ key: "a", title: "Answer", component: AnswerTab },
	{ key: "l", title: "Log", component: LogTab },
];

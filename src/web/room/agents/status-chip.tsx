import type { AgentView } from "../../../api/view.ts";

const shown = {
	idle: ["", "idle"],
	thinking: ["accent", "working"],
	retrying: ["warn", "trying again"],
	answered: ["", "answered"],
	voted: ["good", "voted"],
	quarantined: ["bad", "out"],
	presenting: ["accent", "presenting"],
} as const satisfies Record<AgentView["status"] | "presenting", readonly [tone: string, name: string]>;

/** Where an agent stands, in a word. */
export function StatusChip({ status }: { readonly status: keyof typeof shown }) {
	const [tone, name] = shown[status];
	const busy = status === "thinking" || status === "presenting" || status === "retrying";
	return (
		<span className={`chip status-chip ${tone}`}>
			{busy && <span className="pulse" aria-hidden="true" />}
			{name}
		</span>
	);
}

import type { Command } from "../../src/consensus/commands.ts";
import type { AgentId } from "../../src/consensus/team.ts";
import { unreachable } from "../../src/std/assert.ts";
import type { SteerCommand } from "../rpc.ts";

/** What a person's steering means to the core (P16). */
export function commandOf(steer: SteerCommand): Command {
	switch (steer.action) {
		case "note":
			return { type: "note", text: steer.text };
		case "drop_agent":
			return { type: "drop_agent", agent: steer.agent satisfies AgentId };
		case "budget":
			return { type: "budget", budget: steer.budget };
		case "answer_now":
		case "cancel":
		case "resume":
			return { type: steer.action };
		default:
			return unreachable(steer);
	}
}

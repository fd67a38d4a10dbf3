import type { Client } from "../../api/client.ts";
import type { Team } from "../../consensus/team.ts";

/** A file as a question carries it. */
export type Attached = NonNullable<Parameters<Client["createSession"]>[0]["attachments"]>[number];

/** What a person has put together and not yet asked. `team` null: the one the server takes by itself. */
export type Draft = {
	readonly question: string;
	readonly team: Team | null;
	/** Null: no cap of its own. */
	readonly usd: number | null;
	readonly attachments: readonly Attached[];
};

/** The request that a draft makes. A budget of one's own asks the team as it is, with that budget. */
export function requestOf({ question, team, usd, attachments }: Draft): Parameters<Client["createSession"]>[0] {
	const asked = team === null ? {} : { team: usd === null ? team.name : writable(team, usd) };
	return {
		question,
		...asked,
		...(attachments.length === 0 ? {} : { attachments: [...attachments] }),
	};
}

type Inline = Exclude<Parameters<Client["createSession"]>[0]["team"], string | undefined>;

/** A team may be sent just as the server told it. */
function writable(team: Team, usd: number): Inline {
	const told: unknown = { ...team, budget: { ...team.budget, usd } };
	return told as Inline;
}

/** The team that a server takes by itself where none is named. */
export function defaultTeam(teams: readonly Team[]): Team | null {
	const named = (name: string) => teams.find((team) => team.name === name);
	return named("default") ?? named("auto") ?? named("demo") ?? null;
}

/** What somebody has typed after `/massgen`. */
export type Typed =
	| { readonly verb: "help" | "status" | "teams" }
	/** `team` null: whoever asks' usual one. */
	| { readonly verb: "ask"; readonly team: string | null; readonly question: string };

/** `help`, `status`, `team`, `team NAME QUESTION`; everything else is a question. */
export function typedIn(text: string): Typed {
	const said = text.trim();
	const verb = verbs[said.toLowerCase()];
	if (verb !== undefined) return { verb };
	// A team without a question asks nothing: whoever types that is shown which there are.
	if (/^team\s+\S+$/i.test(said)) return { verb: "teams" };
	const [, team = null, question = said] = /^team\s+(\S+)\s+(\S[\s\S]*)$/i.exec(said) ?? [];
	return { verb: "ask", team, question };
}

const verbs: Readonly<Record<string, "help" | "status" | "teams">> = {
	"": "help",
	help: "help",
	status: "status",
	team: "teams",
	teams: "teams",
};

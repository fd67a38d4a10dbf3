/** What a button, a select or a modal of ours says when it is used. */

const verbs = [
	"stop",
	"answer_now",
	"note",
	"drop",
	"reasons",
	"refresh",
	"resume",
	"again",
	"export",
	"more",
] as const;
export type Verb = (typeof verbs)[number];

/** `ask`: the interaction in which the run was asked for, under which everything about it is remembered. */
export type Pressed = { readonly verb: Verb; readonly session: string; readonly ask: string };

export const customIdCharsMax = 100;

/** `v1:<verb>:<session>:<ask>`. Ids of our own and of Discord fit; anything longer is a fault of ours. */
export function customId({ verb, session, ask }: Pressed): string {
	const id = `v1:${verb}:${session}:${ask}`;
	if (id.length > customIdCharsMax) throw new Error(`a custom_id of ${id.length} characters`);
	return id;
}

/** Null where it is none of ours, or of a version that we do not know. */
export function pressedOf(id: string): Pressed | null {
	const [, verb, session = "", ask = ""] = /^v1:([a-z_]+):([\w-]+):([\w-]+)$/.exec(id) ?? [];
	const known = verbs.find((name) => name === verb);
	return known === undefined ? null : { verb: known, session, ask };
}

import type { AgentId } from "../../consensus/team.ts";
import type { Ballot, Given, Voting } from "./voting.ts";

export type Column = { readonly attempt: number; readonly round: number };
export type Cell = { readonly given: readonly Given[]; readonly ballots: readonly Ballot[] };
export type Matrix = {
	readonly columns: readonly Column[];
	readonly rows: readonly { readonly voter: AgentId; readonly cells: readonly Cell[] }[];
};

/** Older rounds than so many are told by the list below the matrix only. */
export const columnsMax = 40;

/** Who answered and voted in which round, a row for each of these agents. */
export function matrixOf({ ballots, given }: Voting, agents: readonly AgentId[]): Matrix {
	const columns = columnsOf([...given, ...ballots]).slice(-columnsMax);
	const rows = agents.map((voter) => ({
		voter,
		cells: columns.map((column) => ({
			given: given.filter((answer) => answer.author === voter && isIn(column, answer)),
			ballots: ballots.filter((ballot) => ballot.voter === voter && isIn(column, ballot)),
		})),
	}));
	return { columns, rows };
}

function columnsOf(places: readonly Column[]): readonly Column[] {
	const sorted = places.toSorted((a, b) => a.attempt - b.attempt || a.round - b.round);
	const firsts = sorted.filter((place, i) => {
		const before = sorted[i - 1];
		return before === undefined || !isIn(before, place);
	});
	return firsts.map(({ attempt, round }) => ({ attempt, round }));
}

function isIn(column: Column, { attempt, round }: Column): boolean {
	return column.attempt === attempt && column.round === round;
}

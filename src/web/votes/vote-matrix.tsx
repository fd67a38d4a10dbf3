import { ScrollArea } from "../shell/scroll-area.tsx";
import { AnswerName } from "../room/answer-name.tsx";
import { SeatMark } from "../room/seat-mark.tsx";
import type { Cell, Matrix } from "./matrix.ts";
import { VoteToken } from "./vote-token.tsx";

/** Who answered and who voted for whom, round by round. */
export function VoteMatrix({ matrix: { columns, rows } }: { readonly matrix: Matrix }) {
	if (columns.length === 0) return <p className="soft">Nobody has answered or voted yet.</p>;
	const many = new Set(columns.map(({ attempt }) => attempt)).size > 1;
	return (
		<ScrollArea className="matrix-frame" label="Votes by round">
			<table className="matrix">
				<thead>
					<tr>
						<th scope="col">Agent</th>
						{columns.map(({ attempt, round }) => (
							<th scope="col" key={`${attempt}.${round}`}>
								{many && <span className="soft">Attempt {attempt}, </span>}Round {round}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ voter, cells }) => (
						<tr key={voter}>
							<th scope="row">
								<SeatMark agent={voter} /> <bdi>{voter}</bdi>
							</th>
							{cells.map((cell, i) => (
								<td key={`${columns[i]?.attempt}.${columns[i]?.round}`}>
									<Tokens cell={cell} />
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</ScrollArea>
	);
}

function Tokens({ cell: { given, ballots } }: { readonly cell: Cell }) {
	if (given.length + ballots.length === 0) return <span className="soft tiny">–</span>;
	return (
		<span className="matrix-cell">
			{given.map(({ answer }) => (
				<span key={answer} className="matrix-answer">
					<span className="soft">answers</span> <AnswerName answer={answer} />
				</span>
			))}
			{ballots.map((ballot) => (
				<VoteToken key={ballot.seq} ballot={ballot} />
			))}
		</span>
	);
}

import type { AgentView } from "../../../api/view.ts";
import type { AnswerId } from "../../../consensus/events.ts";
import { AnswerName } from "../answer-name.tsx";
import { SeatMark } from "../seat-mark.tsx";
import { StatusChip } from "./status-chip.tsx";

type Props = {
	readonly agent: AgentView;
	readonly seat: number;
	readonly felledBy: AnswerId | null;
	readonly final: "none" | "writes" | "wrote";
	readonly informed: readonly AnswerId[];
};

/** Who it is, which model truly speaks, and where it stands. */
export function AgentHead({ agent, seat, felledBy, final, informed }: Props) {
	const { id, backend, model, fellBack } = agent;
	return (
		<header className="agent-head">
			<SeatMark agent={id} />
			<div className="agent-who">
				<h3>
					<bdi>{id}</bdi> <span className="soft tiny">seat {seat}</span>
				</h3>
				<p className="soft tiny mono" title={`${backend} ${model}`}>
					{backend} · <bdi>{model}</bdi>
				</p>
			</div>
			<div className="agent-chips">
				<StatusChip status={final === "writes" ? "presenting" : agent.status} />
				{final === "wrote" && <span className="chip accent">wrote the final answer</span>}
				{felledBy !== null && (
					<span className="chip bad fell-chip">
						<s>vote</s> ✕ <AnswerName answer={felledBy} />
					</span>
				)}
				{informed.length > 0 && (
					<span className="chip accent informed-chip" title={`told of ${informed.join(", ")} while at work`}>
						informed
						{informed.slice(-2).map((answer) => (
							<AnswerName key={answer} answer={answer} />
						))}
					</span>
				)}
				{fellBack !== null && (
					<span
						className="chip warn"
						title={`${fellBack.from.backend} ${fellBack.from.model}: ${fellBack.code}`}
					>
						fallback speaks
					</span>
				)}
			</div>
		</header>
	);
}

import type { Team } from "../../consensus/team.ts";
import { accepted } from "./attached-of.ts";
import type { Attachments } from "./use-attachments.ts";

type Props = {
	readonly teams: readonly Team[];
	readonly team: Team | null;
	readonly pick: (name: string) => void;
	readonly usd: string;
	readonly setUsd: (usd: string) => void;
	readonly files: Attachments;
	readonly ready: boolean;
};

/** Below the question: who is asked, what goes along, what it may cost. */
export function AskOptions({ teams, team, pick, usd, setUsd, files, ready }: Props) {
	return (
		<>
			{files.attached.length > 0 && (
				<ul className="plain attachments" aria-label="Attached">
					{files.attached.map((file) => (
						<li key={file.name}>
							<button
								type="button"
								className="chip"
								aria-label={`Remove ${file.name}`}
								onClick={() => files.remove(file)}
							>
								<bdi>{file.name}</bdi> ✕
							</button>
						</li>
					))}
				</ul>
			)}
			<div className="ask-options">
				<label>
					<span className="unseen">Team</span>
					<select className="field" value={team?.name ?? ""} onChange={(event) => pick(event.target.value)}>
						{teams.map(({ name, agents }) => (
							<option key={name} value={name}>
								{name} · {agents.length}
							</option>
						))}
					</select>
				</label>
				<label className="button plain attach">
					Attach
					<input
						type="file"
						className="unseen"
						multiple
						accept={accepted}
						onChange={(event) => {
							files.add(event.target.files ?? []);
							event.target.value = "";
						}}
					/>
				</label>
				<label className="budget">
					<span className="soft">Budget $</span>
					<input
						className="field numeric"
						inputMode="decimal"
						placeholder="none"
						value={usd}
						onChange={(event) => setUsd(event.target.value)}
					/>
				</label>
				<button className="button main" disabled={!ready}>
					Ask <kbd aria-hidden="true">↵</kbd>
				</button>
			</div>
		</>
	);
}

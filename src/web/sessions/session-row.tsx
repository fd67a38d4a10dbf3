import { useState } from "react";
import { Go } from "../shell/go.tsx";
import { sessionPath } from "../state/route.ts";
import { DeleteConfirm } from "./delete-confirm.tsx";
import { RenameForm } from "./rename-form.tsx";
import { dayText, statusNames, statusTones } from "./row-text.ts";
import type { Row, Sessions } from "./use-sessions.ts";

type Props = { readonly row: Row } & Pick<Sessions, "rename" | "remove">;

/** A session of the list, which can be renamed and deleted where it stands. */
export function SessionRow({ row, rename, remove }: Props) {
	const [doing, setDoing] = useState<"nothing" | "renaming" | "deleting">("nothing");
	const done = () => setDoing("nothing");
	const { id, title, team, status, updated_at } = row;
	return (
		<li className="session-row">
			{doing === "renaming" ? (
				<RenameForm title={title} rename={(words) => rename(id, words)} done={done} />
			) : (
				<Go to={sessionPath(id)} className="session-title">
					<bdi>{title}</bdi>
				</Go>
			)}
			<span className="session-facts">
				<span className={`chip ${statusTones[status]}`}>{statusNames[status]}</span>
				<bdi className="soft tiny">{team}</bdi>
				<time className="soft tiny numeric" dateTime={updated_at}>
					{dayText(updated_at)}
				</time>
			</span>
			{doing === "deleting" ? (
				<DeleteConfirm what={title} remove={() => remove(id)} keep={done} />
			) : (
				<span className="session-acts">
					<button
						type="button"
						className="button plain"
						disabled={doing === "renaming"}
						onClick={() => setDoing("renaming")}
					>
						Rename<span className="unseen"> {title}</span>
					</button>
					<button type="button" className="button plain bad" onClick={() => setDoing("deleting")}>
						Delete<span className="unseen"> {title}</span>
					</button>
				</span>
			)}
		</li>
	);
}

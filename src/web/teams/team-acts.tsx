import { useState } from "react";
import { isJsonObject, type Json } from "../../std/json.ts";
import { saved } from "../export/saved.ts";
import { DeleteConfirm } from "../sessions/delete-confirm.tsx";
import type { Editing } from "./use-editing.ts";
import { yamlOf } from "./yaml-file.ts";

type Props = {
	readonly editing: Editing;
	readonly fixed: boolean;
	readonly duplicate: (team: Json) => void;
	readonly remove: (() => Promise<string | null>) | null;
};

/** What can be done with a team. */
export function TeamActs({ editing: { document = {}, busy }, fixed, duplicate, remove }: Props) {
	const [deleting, setDeleting] = useState(false);
	const named = isJsonObject(document) && typeof document["name"] === "string" ? document["name"] : "";
	const take = async () =>
		saved(new Blob([await yamlOf(document)], { type: "application/yaml" }), `${named || "team"}.yaml`);
	return (
		<div className="team-acts">
			{!fixed && (
				<button className="button main" disabled={busy}>
					Store
				</button>
			)}
			<button type="button" className="button" onClick={() => duplicate(document)}>
				Duplicate
			</button>
			<button type="button" className="button" onClick={() => void take()}>
				Export YAML
			</button>
			{remove !== null &&
				(deleting ? (
					<DeleteConfirm what={named} remove={remove} keep={() => setDeleting(false)} />
				) : (
					<button type="button" className="button bad" onClick={() => setDeleting(true)}>
						Delete
					</button>
				))}
		</div>
	);
}

import { useId, type ChangeEvent } from "react";
import type { Json } from "../../std/json.ts";
import { teamFileBytesMax, teamIn } from "./yaml-file.ts";

type Props = { readonly take: (team: Json) => void; readonly refuse: (why: string) => void };

/** Takes a team from a file of YAML or JSON; nothing is stored yet. */
export function ImportButton({ take, refuse }: Props) {
	const id = useId();
	const picked = async ({ target }: ChangeEvent<HTMLInputElement>) => {
		const file = target.files?.[0];
		// The same file can be picked again.
		target.value = "";
		if (file === undefined) return;
		const read = await teamIn(await file.slice(0, teamFileBytesMax + 1).text());
		if ("team" in read) take(read.team);
		else refuse(read.fault);
	};
	return (
		<label className="button import-button" htmlFor={id}>
			Import YAML
			<input
				id={id}
				className="unseen"
				type="file"
				accept=".yaml,.yml,.json,application/yaml,application/json"
				onChange={(event) => void picked(event)}
			/>
		</label>
	);
}

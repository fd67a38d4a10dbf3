import "./teams.css";
import { useState } from "react";
import { isJsonObject, type Json } from "../../std/json.ts";
import { copyName } from "./copy-name.ts";
import { ImportButton } from "./import-button.tsx";
import { sparse } from "./sparse.ts";
import { TeamEditor } from "./team-editor.tsx";
import { TeamList } from "./team-list.tsx";
import { useTeamEditor, type Known } from "./use-team-editor.ts";

/** What is edited: a team of the list under its name, or a new one. `turn`: told apart from what was edited before. */
type Open = { readonly name: string | null; readonly first: Json; readonly turn: number };

const newTeam: Json = { name: "", preset: "balanced", agents: [{ id: "a", backend: "", model: "" }] };

/** The teams that can be asked: each can be looked at, and one's own changed. */
export function TeamsPage() {
	const { known, fault, again, drop } = useTeamEditor();
	return (
		<section className="teams-page">
			{known !== null && <TeamsKnown known={known} again={again} drop={drop} />}
			{known === null && fault === null && <p className="soft">Loading…</p>}
			{known === null && fault !== null && <p className="notice bad">{fault}</p>}
		</section>
	);
}

type Props = { readonly known: Known } & Pick<ReturnType<typeof useTeamEditor>, "again" | "drop">;

function TeamsKnown({ known: { list, form, backends }, again, drop }: Props) {
	const [open, setOpen] = useState<Open | null>(null);
	const [refused, setRefused] = useState<string | null>(null);
	const names = list.teams.map(({ name }) => name);
	const edit = (first: Json, name: string | null = null) => {
		setRefused(null);
		setOpen({ first, name, turn: (open?.turn ?? 0) + 1 });
	};
	const shown = open ?? firstOf(list.teams);
	const name = shown?.name ?? null;
	const fixed = name !== null && list.built_in.includes(name);
	const remove = async () => {
		const why = name === null ? null : await drop(name);
		if (why === null) setOpen(null);
		return why;
	};
	return (
		<>
			<header>
				<h1>Teams</h1>
				<button type="button" className="button" onClick={() => edit(newTeam)}>
					New team
				</button>
				<ImportButton take={edit} refuse={setRefused} />
			</header>
			{refused !== null && (
				<p className="notice bad" role="alert">
					{refused}
				</p>
			)}
			<div className="teams-columns">
				<TeamList
					teams={list.teams}
					builtIn={list.built_in}
					open={name}
					show={(team) => edit(sparse(team), team.name)}
				/>
				{shown !== null && (
					<TeamEditor
						key={shown.turn}
						form={form}
						first={shown.first}
						backends={backends}
						fixed={fixed}
						stored={(stored) => {
							setOpen({ ...shown, name: stored });
							void again();
						}}
						duplicate={(team) => edit(copyOf(team, names))}
						remove={name === null || fixed || !names.includes(name) ? null : remove}
					/>
				)}
			</div>
		</>
	);
}

function copyOf(team: Json, names: readonly string[]): Json {
	const own = isJsonObject(team) ? team : {};
	return { ...own, name: copyName(typeof own["name"] === "string" ? own["name"] : "", names) };
}

function firstOf(teams: readonly Parameters<typeof sparse>[0][]): Open | null {
	const [first] = teams;
	return first === undefined ? null : { name: first.name, first: sparse(first), turn: 0 };
}

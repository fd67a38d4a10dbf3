import type { Team } from "../consensus/team.ts";
import { checked, receivedDocument } from "./body.ts";
import type { TeamList } from "./contract.ts";
import type { AppDeps, Call } from "./deps.ts";
import { below, type Parsed } from "./fields.ts";
import { json } from "./json-response.ts";
import { nearest } from "./nearest.ts";
import { badInput, problem } from "./problem.ts";
import { backendFaults, teamFrom } from "./team.ts";
import { TeamName, teamBytesMax } from "./team-schema.ts";
import { wantsYaml, yaml } from "./yaml.ts";

/** Names of built-in teams, kept for them even where there is nothing to run them on. */
const reservedNames: readonly string[] = ["auto", "demo", "local"];

/** The team a request names, ready to run; unnamed: `default` if stored, else `auto`, else `demo`. */
export async function teamNamed(deps: AppDeps, name: string | undefined): Promise<Team | Response> {
	const team = await (name === undefined ? unnamedTeam(deps) : foundTeam(deps, name));
	if (team === null) return badInput([{ path: "team", message: await unknownTeam(deps, name ?? "demo") }]);
	const faults = backendFaults(team, deps.backends);
	return faults.length === 0 ? team : badInput(below("team", faults));
}

/** `GET /v1/teams`. */
export async function listTeams({ deps }: Call): Promise<Response> {
	const [stored] = await Promise.all([deps.tenant().teams(), deps.keys.refreshed()]);
	const builtIn = deps.builtInTeams();
	return json({ teams: [...stored, ...builtIn], built_in: builtIn.map(({ name }) => name) } satisfies TeamList);
}

/** `GET /v1/teams/{name}`: with every default filled in, in YAML for who accepts that; what it answers can be put again. */
export async function showTeam({ deps, request, key }: Call): Promise<Response> {
	const team = await foundTeam(deps, key);
	if (team === null) return problem(404, await unknownTeam(deps, key));
	return wantsYaml(request) ? yaml(team) : json(team);
}

/** `PUT /v1/teams/{name}`: in JSON, or in YAML where the body is said to be that. */
export async function putTeam({ deps, request, key }: Call): Promise<Response> {
	if (reservedNames.includes(key))
		return badInput([{ path: "name", message: `\`${key}\` is a built-in team; choose another name` }]);
	const name = checked(TeamName, key);
	if (name instanceof Response) return badInput([{ path: "name", message: nameFault }]);
	const body = await receivedDocument(request, teamBytesMax);
	if (body instanceof Response) return body;
	const team = await withKeysOfNow(deps, () => teamFrom(body.value, deps.backends));
	if (!team.ok) return badInput(team.errors);
	if (namesAnother(body.value, name))
		return badInput([{ path: "name", message: `must be \`${name}\`, as in the path, or left out` }]);
	const stored = { ...team.value, name };
	const put = await deps.tenant().putTeam(name, stored);
	return put.ok ? json(stored) : problem(409, put.detail);
}

/** `DELETE /v1/teams/{name}`. Sessions keep the team they were opened with. */
export async function deleteTeam({ deps, key }: Call): Promise<Response> {
	if (reservedNames.includes(key)) return problem(409, `\`${key}\` is a built-in team and cannot be deleted.`);
	const dropped = TeamName.safeParse(key).success && (await deps.tenant().dropTeam(key));
	return dropped ? new Response(null, { status: 204 }) : problem(404, await unknownTeam(deps, key));
}

const nameFault = "must be 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or digit";

/** A team that lacks nothing is taken at once; what one lacks may have been stored a moment ago, in another place. */
export async function withKeysOfNow(deps: AppDeps, check: () => Parsed<Team>): Promise<Parsed<Team>> {
	const team = check();
	if (team.ok) return team;
	await deps.keys.refreshed();
	return check();
}

async function unnamedTeam(deps: AppDeps): Promise<Team | null> {
	const [stored] = await Promise.all([deps.tenant().team("default"), deps.keys.refreshed()]);
	return stored ?? builtInTeam(deps, "auto") ?? builtInTeam(deps, "demo");
}

async function foundTeam(deps: AppDeps, name: string): Promise<Team | null> {
	if (!TeamName.safeParse(name).success) return null;
	const own = builtInTeam(deps, name);
	// Only `auto` is made of what has a key.
	if (own !== null && name !== "auto") return own;
	const [stored] = await Promise.all([deps.tenant().team(name), deps.keys.refreshed()]);
	return builtInTeam(deps, name) ?? stored;
}

function builtInTeam(deps: AppDeps, name: string): Team | null {
	return deps.builtInTeams().find((team) => team.name === name) ?? null;
}

async function unknownTeam(deps: AppDeps, name: string): Promise<string> {
	const known = [...(await deps.tenant().teams()), ...deps.builtInTeams()].map((team) => team.name);
	const meant = nearest(name, known);
	return `There is no team \`${name.slice(0, 64)}\`${meant === null ? "." : `; did you mean \`${meant}\`?`} Known: ${known.join(", ")}`;
}

function namesAnother(body: unknown, name: string): boolean {
	return typeof body === "object" && body !== null && "name" in body && body.name !== name;
}

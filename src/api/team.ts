import { type Budget, type Protocol, type Team, limitBounds, presets, protocolDefaults } from "../consensus/team.ts";
import type { FieldError } from "./contract.ts";
import type { BackendsPort, ModelSpec } from "./deps.ts";
import { type Parsed, below, fieldErrorsMax, parsed } from "./fields.ts";
import { nearest } from "./nearest.ts";
import { needFaults } from "./need-faults.ts";
import { FullTeam, type TeamDraft, TeamInput } from "./team-schema.ts";

/** A team as it was sent, checked whole and with every default filled in. Paths are relative to the team. */
export function teamFrom(input: unknown, backends: BackendsPort): Parsed<Team> {
	const draft = parsed(TeamInput, input);
	return draft.ok ? teamOf(draft.value, backends) : draft;
}

/** The same for a team whose shape is already known to be right. */
export function teamOf(draft: TeamDraft, backends: BackendsPort): Parsed<Team> {
	const faults = [...repeatedIds(draft), ...quorumFaults(draft), ...idleFallbacks(draft), ...notBuilt(draft)];
	if (faults.length > 0) return { ok: false, errors: faults.slice(0, fieldErrorsMax) };
	const team = filledTeam(draft);
	const unready = [...toolFaults(team, backends), ...backendFaults(team, backends)].slice(0, fieldErrorsMax);
	return unready.length === 0 ? { ok: true, value: team } : { ok: false, errors: unready };
}

/** Defaults, then what the preset changes about them, then what the team sets itself. */
export function filledTeam(draft: TeamDraft): Team {
	const preset = presets[draft.preset];
	return FullTeam.parse({
		...draft,
		name: draft.name ?? "inline",
		protocol: { ...protocolDefaults, ...preset.protocol, ...draft.protocol },
		limits: { ...limitDefaults, ...preset.limits, ...draft.limits },
	});
}

/** What this server cannot do for the team: call a model (unknown backend, missing key), or cap dollars without its price. */
export function backendFaults(team: Team, backends: BackendsPort): readonly FieldError[] {
	const unusable = modelsOf(team).flatMap(({ path, spec }) => below(path, specFaults(spec, backends)));
	const unable = team.agents.flatMap((agent, seat) => below(`agents.${seat}`, needFaults(agent, backends)));
	const faults = [...unusable, ...unable];
	return faults.length > 0 ? faults : budgetFaults(team, team.budget, backends);
}

/** A cap in dollars holds only where every call of the team has a price. */
export function budgetFaults(team: Team, budget: Budget, backends: BackendsPort): readonly FieldError[] {
	const capped = usdCaps(budget);
	if (capped.length === 0) return [];
	const unknown = modelsOf(team).flatMap(({ who, spec }) =>
		backends.priced(spec) ? [] : [`${who} (${spec.backend} ${spec.model})`],
	);
	if (unknown.length === 0) return [];
	const message = `no price is known for ${unknown.join(", ")}; cap tokens or calls instead`;
	return capped.map((path) => ({ path, message }));
}

/** Where a budget has a cap in dollars. */
function usdCaps({ usd, session, agent }: Budget): readonly string[] {
	const scopes = { "budget.usd": usd, "budget.session.usd": session?.usd, "budget.agent.usd": agent?.usd };
	return Object.entries(scopes).flatMap(([path, cap]) => (typeof cap === "number" ? [path] : []));
}

const limitDefaults = Object.fromEntries(Object.entries(limitBounds).map(([name, bounds]) => [name, bounds.default]));

/** Every model that the team may call: where it stands, and whose it is. */
export function modelsOf({
	agents,
	protocol: { judge },
}: Team): readonly { path: string; who: string; spec: ModelSpec }[] {
	const members = agents.flatMap(({ fallback, ...spec }, seat) => {
		const own = { path: `agents.${seat}`, who: `\`${spec.id}\``, spec };
		if (fallback === null) return [own];
		return [own, { path: `${own.path}.fallback`, who: `the fallback of ${own.who}`, spec: fallback }];
	});
	return judge === null ? members : [...members, { path: "protocol.judge", who: "the judge", spec: judge }];
}

function specFaults({ backend, model, params }: ModelSpec, backends: BackendsPort): readonly FieldError[] {
	const known = backends.names();
	if (!known.includes(backend)) return [{ path: "backend", message: unknownBackend(backend, known) }];
	const fault = backends.problem({ backend, model, params });
	return fault === null ? [] : [fault];
}

function unknownBackend(backend: string, known: readonly string[]): string {
	const meant = nearest(backend, known);
	return `unknown backend${meant === null ? "." : `; did you mean \`${meant}\`?`} Known: ${known.join(", ")}`;
}

function repeatedIds(draft: TeamDraft): readonly FieldError[] {
	const ids = draft.agents.map(({ id }) => id);
	return ids.flatMap((id, seat) =>
		ids.indexOf(id) < seat
			? [{ path: `agents.${seat}.id`, message: `\`${id}\` is already the id of agents.${ids.indexOf(id)}` }]
			: [],
	);
}

function quorumFaults(draft: TeamDraft): readonly FieldError[] {
	const quorum = draft.protocol.quorum ?? null;
	if (quorum === null || quorum <= draft.agents.length) return [];
	return [{ path: "protocol.quorum", message: `must be at most ${draft.agents.length}, the number of agents` }];
}

/** A fallback that is the agent's own model would fail as that one has. */
function idleFallbacks(draft: TeamDraft): readonly FieldError[] {
	return draft.agents.flatMap(({ backend, model, fallback }, seat) =>
		fallback?.backend === backend && fallback.model === model
			? [{ path: `agents.${seat}.fallback`, message: "must be another model than the agent's own" }]
			: [],
	);
}

/** Tools that nobody runs. Whether this agent's model can use one that there is, is its backend's to say. */
function toolFaults(team: Team, { serverTools }: BackendsPort): readonly FieldError[] {
	return team.agents.flatMap(({ tools }, seat) =>
		tools.flatMap((tool, i) =>
			serverTools.includes(tool)
				? []
				: [{ path: `agents.${seat}.tools.${i}`, message: unknownTool(tool, serverTools) }],
		),
	);
}

function unknownTool(tool: string, known: readonly string[]): string {
	const meant = nearest(tool, known);
	return `unknown tool${meant === null ? "." : `; did you mean \`${meant}\`?`} Known: ${known.join(", ")}`;
}

/** Values whose behaviour does not exist yet are refused, never ignored. */
function notBuilt(draft: TeamDraft): readonly FieldError[] {
	const faults: FieldError[] = [];
	const refuse = (path: string, message: string) => faults.push({ path, message: `not built yet: ${message}` });
	const own: Partial<Record<keyof Protocol, unknown>> = draft.protocol;
	if ((draft.protocol.attempts_max ?? 1) > 1) refuse("protocol.attempts_max", "restarts; it must be 1");
	const presetAttempts = presets[draft.preset].protocol.attempts_max ?? 1;
	if (own.attempts_max === undefined && presetAttempts > 1)
		refuse(
			"preset",
			`restarts, which \`${draft.preset}\` asks for; set protocol.attempts_max to 1 to use the rest of it`,
		);
	return faults;
}

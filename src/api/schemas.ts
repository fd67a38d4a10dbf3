import { z } from "zod";
import { limitBounds, protocolDefaults } from "../consensus/team.ts";
import { json } from "./json-response.ts";
import { TeamInput } from "./team-schema.ts";

/** `GET /v1/schemas/team`: what a team may hold, for editors that are made from it. */
export function showTeamSchema(): Response {
	return json(teamSchema(), { headers: { "content-type": "application/schema+json" } });
}

/** JSON Schema (2020-12) of the very schema that checks teams, with the defaults that a preset does not change. */
export function teamSchema(): object {
	const schema = z.toJSONSchema(TeamInput, { io: "input" });
	const { protocol, limits } = schema.properties ?? {};
	const defaults = Object.entries(limitBounds).map(([name, bounds]) => [name, bounds.default]);
	const properties = {
		...schema.properties,
		protocol: withDefaults(protocol, protocolDefaults),
		limits: withDefaults(limits, Object.fromEntries(defaults)),
	};
	return { ...schema, title: "A team of agents", properties };
}

type Schema = NonNullable<z.core.JSONSchema.BaseSchema["properties"]>[string] | undefined;

function withDefaults(schema: Schema, defaults: Readonly<Record<string, unknown>>): object {
	const given = typeof schema === "object" ? schema : {};
	const properties = Object.entries(given.properties ?? {}).map(([name, property]) => [
		name,
		typeof property === "object" ? { ...property, default: defaults[name] } : property,
	]);
	return { ...given, properties: Object.fromEntries(properties) };
}

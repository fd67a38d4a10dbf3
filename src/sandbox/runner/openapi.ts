import { z } from "zod";
import { keyPattern } from "../sandbox.ts";
import { operations, schemas, type Operation } from "./operations.ts";

/** The runner's protocol in OpenAPI 3.1, from the very schemas that check requests: whoever serves this is a runner. */
export function describeProtocol() {
	return {
		openapi: "3.1.0",
		info: {
			title: "MassGen Edge sandbox runner",
			version: "1",
			description:
				"Runs commands of agents, each sandbox confined to a workspace of its own. Every request may be sent again: keys are the caller's, and nothing runs twice under one. A command that the runner's own end cut short is `interrupted` for ever. Commands of one sandbox share files and limits, not processes, ports or /tmp. Where a sandbox may reach something, its commands find a proxy in HTTP_PROXY and HTTPS_PROXY.",
		},
		security: [{ token: [] }],
		paths: Object.fromEntries(Object.entries(operations).map(([path, methods]) => [path, pathItem(path, methods)])),
		components: { securitySchemes: { token: { type: "http", scheme: "bearer" } }, schemas: components() },
	};
}

function pathItem(path: string, methods: Readonly<Record<string, Operation>>) {
	const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
		name,
		in: "path",
		required: true,
		schema: { type: "string", pattern: keyPattern.source },
	}));
	const open = !path.startsWith("/v1/");
	const verbs = Object.entries(methods).map(([method, operation]) => [
		method,
		{ ...described(operation), ...(open && { security: [] }) },
	]);
	return { ...(keys.length > 0 && { parameters: keys }), ...Object.fromEntries(verbs) };
}

function described({ summary, query, body, answer }: Operation) {
	const parameters = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
		name,
		in: "query",
		required: true,
		schema: bare(z.toJSONSchema(schema as z.ZodType, { io: "input" })),
	}));
	return {
		summary,
		...(parameters.length > 0 && { parameters }),
		...(body !== undefined && { requestBody: { required: true, content: content(body) } }),
		responses: {
			[answer === undefined ? 204 : 200]: {
				description: summary,
				...(answer !== undefined && { content: content(answer) }),
			},
			default: {
				description: "A failure",
				content: { "application/problem+json": { schema: reference("Problem") } },
			},
		},
	};
}

function content(name: string) {
	if (name === "bytes") return { "application/octet-stream": { schema: { type: "string", format: "binary" } } };
	return { "application/json": { schema: reference(name) } };
}

/** The named schemas, referring to each other rather than repeating themselves. */
function components() {
	const registry = z.registry<{ id: string }>();
	for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
	const made = z.toJSONSchema(registry, { io: "input", uri: (id) => reference(id).$ref });
	return Object.fromEntries(Object.entries(made.schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** Within an OpenAPI document a schema says neither its dialect nor its address. */
function bare(schema: object) {
	return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

function reference(name: string) {
	return { $ref: `#/components/schemas/${name}` };
}

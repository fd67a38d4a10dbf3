import { BackendList, BackendListed } from "./backend-list.ts";
import { z } from "zod";
import { Attachments } from "./attachment-schema.ts";
import {
	CreateSession,
	Event,
	EventsQuery,
	ExportQuery,
	Health,
	ListQuery,
	Problem,
	RenameSession,
	SendMessage,
	Session,
	SessionCreated,
	SessionListed,
	SessionPage,
	Steer,
	SteerAccepted,
	TeamList,
	TurnAccepted,
} from "./contract.ts";
import { Counterfactuals } from "./counterfactuals-schema.ts";
import { BackendTested, PutKey, TestBackend } from "./key-schema.ts";
import { Receipt, ReceiptQuery } from "./receipt-schema.ts";
import { Setup } from "./setup-schema.ts";
import { CreateShare, Share, SharedSession, ShareList } from "./share-schema.ts";
import { FullTeam, TeamInput } from "./team-schema.ts";
import { PutWebhook, Webhook, WebhookList } from "./webhook-schema.ts";

/** The API described in OpenAPI 3.1, generated from the very schemas that check requests. */
export function openApi({ version, server }: { version: string; server: string }) {
	return {
		openapi: "3.1.0",
		info: { title: "MassGen Edge", version, description: "A team of AI agents answers a question together." },
		servers: [{ url: server }],
		security: [{ key: [] }],
		paths: Object.fromEntries(
			Object.entries(operations).map(([path, methods]) => [path, described(path, methods)]),
		),
		components: { securitySchemes: { key: { type: "http", scheme: "bearer" } }, schemas: componentSchemas() },
	};
}

const named = {
	Attachments,
	BackendList,
	BackendListed,
	BackendTested,
	Counterfactuals,
	CreateSession,
	CreateShare,
	Event,
	Health,
	Problem,
	PutKey,
	PutWebhook,
	Receipt,
	RenameSession,
	SendMessage,
	Session,
	SessionCreated,
	SessionListed,
	SessionPage,
	Setup,
	Share,
	SharedSession,
	ShareList,
	Steer,
	SteerAccepted,
	Team: FullTeam,
	TeamInput,
	TeamList,
	TestBackend,
	TurnAccepted,
	Webhook,
	WebhookList,
} satisfies Record<string, z.ZodType>;
type Name = keyof typeof named;

type Operation = {
	readonly summary: string;
	readonly body?: Name;
	readonly query?: z.ZodObject;
	/** Request headers, with what each is for. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly status: 200 | 201 | 202 | 204;
	/** Served without the key. */
	readonly open?: true;
	/** What the answer holds; a 204 holds nothing. */
	readonly answer?: Name;
	readonly mediaType?: string;
	/** What is streamed to who accepts that in place of the answer. */
	readonly stream?: Name;
};

const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
	"/v1/sessions": {
		get: { summary: "List sessions, newest first", query: ListQuery, status: 200, answer: "SessionPage" },
		post: {
			summary:
				"Ask a team a question; who accepts text/event-stream is answered with its events, and its Location",
			body: "CreateSession",
			headers: {
				"Idempotency-Key": "The same key and body give the same session for 24 hours; another body is refused.",
			},
			status: 202,
			answer: "SessionCreated",
			stream: "Event",
		},
	},
	"/v1/sessions/{id}": {
		get: { summary: "Show a session with its turns", status: 200, answer: "Session" },
		patch: { summary: "Rename a session", body: "RenameSession", status: 200, answer: "SessionListed" },
		delete: { summary: "Delete a session for good", status: 204 },
	},
	"/v1/sessions/{id}/events": {
		get: {
			summary: "Follow a session: its log as Server-Sent Events, or over a WebSocket on Upgrade",
			query: EventsQuery,
			headers: { "Last-Event-ID": "Start after this event." },
			status: 200,
			answer: "Event",
			mediaType: "text/event-stream",
		},
	},
	"/v1/sessions/{id}/export": {
		get: {
			summary: "A session as a file: Markdown to be read, or JSON of the session and its events",
			query: ExportQuery,
			status: 200,
			mediaType: "text/markdown",
		},
	},
	"/v1/sessions/{id}/files/{file}": {
		get: {
			summary: "A picture or document that was sent with a question or made by a model, under its own media type",
			status: 200,
			mediaType: "*/*",
		},
	},
	"/v1/sessions/{id}/receipt": {
		get: {
			summary: "Show what each call cost and what it changed, and what was saved",
			query: ReceiptQuery,
			status: 200,
			answer: "Receipt",
		},
	},
	"/v1/sessions/{id}/counterfactuals": {
		get: {
			summary: "Show what the answers and votes of each decided turn would have come to under other rules",
			status: 200,
			answer: "Counterfactuals",
		},
	},
	"/v1/sessions/{id}/shares": {
		get: { summary: "List the links by which others may read a session", status: 200, answer: "ShareList" },
		post: {
			summary: "Make a link by which others may read a session; its token is shown once",
			body: "CreateShare",
			status: 201,
			answer: "Share",
		},
	},
	"/v1/sessions/{id}/shares/{share}": {
		delete: { summary: "End a link; whoever watches with it is let go", status: 204 },
	},
	"/v1/shared/{token}": {
		get: { summary: "Show what a link opens; needs no key", open: true, status: 200, answer: "SharedSession" },
	},
	"/v1/shared/{token}/events": {
		get: {
			summary: "Follow what a link opens, without what is its owner's alone; needs no key",
			open: true,
			query: EventsQuery,
			headers: { "Last-Event-ID": "Start after this event." },
			status: 200,
			answer: "Event",
			mediaType: "text/event-stream",
		},
	},
	"/v1/shared/{token}/export": {
		get: {
			summary: "What a link opens as a file; needs no key",
			open: true,
			query: ExportQuery,
			status: 200,
			mediaType: "text/markdown",
		},
	},
	"/v1/sessions/{id}/turns": {
		post: {
			summary: "Send the next message; queued while a turn runs",
			body: "SendMessage",
			status: 202,
			answer: "TurnAccepted",
		},
	},
	"/v1/sessions/{id}/steer": {
		post: { summary: "Steer the turn that runs", body: "Steer", status: 202, answer: "SteerAccepted" },
	},
	"/v1/sessions/{id}/deliveries/{delivery}/retry": {
		post: { summary: "Send once more what was given up", status: 202 },
	},
	"/v1/teams": { get: { summary: "List teams", status: 200, answer: "TeamList" } },
	"/v1/teams/{name}": {
		get: { summary: "Show a team; in YAML for who accepts application/yaml", status: 200, answer: "Team" },
		put: {
			summary: "Store a team, sent as JSON, or as YAML with that content type",
			body: "TeamInput",
			status: 200,
			answer: "Team",
		},
		delete: { summary: "Delete a team", status: 204 },
	},
	"/v1/webhooks": { get: { summary: "List webhooks", status: 200, answer: "WebhookList" } },
	"/v1/webhooks/{name}": {
		get: { summary: "Show a webhook, without its secret", status: 200, answer: "Webhook" },
		put: {
			summary:
				"Have events of sessions sent to a URL, signed as Standard Webhooks has it; a new secret is shown once",
			body: "PutWebhook",
			status: 200,
			answer: "Webhook",
		},
		delete: { summary: "Delete a webhook", status: 204 },
	},
	"/v1/backends": { get: { summary: "List backends and what each lacks", status: 200, answer: "BackendList" } },
	"/v1/backends/{name}/key": {
		put: {
			summary: "Store a provider's key, sealed; it is used from now on and shown to nobody",
			body: "PutKey",
			status: 200,
			answer: "BackendListed",
		},
		delete: { summary: "Forget a stored key", status: 204 },
	},
	"/v1/backends/{name}/test": {
		post: {
			summary: "Make one small call, to see whether key, address and model are right",
			body: "TestBackend",
			status: 200,
			answer: "BackendTested",
		},
	},
	"/v1/setup": { get: { summary: "What this deployment has, and what it lacks", status: 200, answer: "Setup" } },
	"/v1/schemas/team": {
		get: { summary: "JSON Schema of a team", status: 200, mediaType: "application/schema+json" },
	},
	"/v1/openapi.json": { get: { summary: "This document", status: 200, mediaType: "application/json" } },
	"/healthz": {
		get: { summary: "Whether the server answers; needs no key", open: true, status: 200, answer: "Health" },
	},
};

function described(path: string, methods: Readonly<Record<string, Operation>>) {
	const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
		name,
		in: "path",
		required: true,
		schema: { type: "string" },
	}));
	const verbs = Object.entries(methods).map(([method, operation]) => [method, describedOperation(operation)]);
	return { ...(inPath.length > 0 && { parameters: inPath }), ...Object.fromEntries(verbs) };
}

function describedOperation({ summary, body, query, headers, open, ...outcome }: Operation) {
	const parameters = [...inQuery(query), ...inHeaders(headers ?? {})];
	return {
		summary,
		...(open === true && { security: [] }),
		...(parameters.length > 0 && { parameters }),
		...(body !== undefined && {
			requestBody: { required: true, content: { "application/json": { schema: reference(body) } } },
		}),
		responses: {
			[outcome.status]: { description: summary, ...contentOf(outcome) },
			default: {
				description: "A problem",
				content: { "application/problem+json": { schema: reference("Problem") } },
			},
		},
	};
}

function contentOf({ answer, mediaType, stream }: Pick<Operation, "answer" | "mediaType" | "stream">) {
	if (answer === undefined && mediaType === undefined) return {};
	return {
		content: {
			[mediaType ?? "application/json"]: { schema: answer === undefined ? {} : reference(answer) },
			...(stream !== undefined && { "text/event-stream": { schema: reference(stream) } }),
		},
	};
}

function inQuery(query: z.ZodObject | undefined) {
	return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
		name,
		in: "query",
		schema: bare(z.toJSONSchema(schema, { io: "input" })),
	}));
}

function inHeaders(headers: Readonly<Record<string, string>>) {
	return Object.entries(headers).map(([name, description]) => ({
		name,
		in: "header",
		description,
		schema: { type: "string" },
	}));
}

/** The named schemas, referring to each other rather than repeating themselves. */
function componentSchemas() {
	const registry = z.registry<{ id: string }>();
	for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
	const { schemas } = z.toJSONSchema(registry, { io: "input", uri: (id) => reference(id).$ref });
	return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** Within an OpenAPI document a schema says neither its dialect nor its address. */
function bare(schema: object) {
	return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

function reference(name: string) {
	return { $ref: `#/components/schemas/${name}` };
}

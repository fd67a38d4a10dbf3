import type { JsonObject } from "../../std/json.ts";
import { serverToolNames, type ModelRequest, type ServerTool } from "../backend.ts";
import type { Endpoint } from "../hosts.ts";
import { serverToolEntry, serverToolInclude } from "../models/server-tools.ts";

/**
 * The tools of the host's own that a request asks for and this model takes. In one order, whatever order they were asked
 * for in, since the list of tools is where a cached prefix begins.
 */
export function offeredServerTools({ serverTools, model }: ModelRequest, { name }: Endpoint): readonly ServerTool[] {
	return serverToolNames.filter((tool) => serverTools.includes(tool) && serverToolEntry(name, model, tool) !== null);
}

/** What asks for them, to stand after ours in a request. */
export function askedServerTools(request: ModelRequest, endpoint: Endpoint): readonly JsonObject[] {
	return offeredServerTools(request, endpoint)
		.map((tool) => serverToolEntry(endpoint.name, request.model, tool))
		.filter((entry) => entry !== null);
}

/** What `include` of a Responses call must name so that their results are told. */
export function askedIncludes(request: ModelRequest, endpoint: Endpoint): readonly string[] {
	return offeredServerTools(request, endpoint)
		.map((tool) => serverToolInclude(endpoint.name, tool))
		.filter((include) => include !== null);
}

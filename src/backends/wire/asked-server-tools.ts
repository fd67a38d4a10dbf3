import type { JsonObject } from "../../std/json.ts";
import { serverToolNames, type ModelRequest, type ServerTool } from "../backend.ts";
import type { Endpoint } from "../hosts.ts";
import { serverToolEntry, serverToolInclude } from "../server-tools.ts";

/**
 * What asks for the tools of the host's own, to stand after ours in a request. In one order, whatever order they were
 * asked for in, since the list of tools is where a cached prefix begins.
 */
export function askedServerTools(request: ModelRequest, { name }: Endpoint): readonly JsonObject[] {
	return askedIn(request)
		.map((tool) => serverToolEntry(name, request.model, tool))
		.filter((entry) => entry !== null);
}

/** What `include` of a Responses call must name so that the results of those tools are told. */
export function askedIncludes(request: ModelRequest, { name }: Endpoint): readonly string[] {
	return askedIn(request)
		.filter((tool) => serverToolEntry(name, request.model, tool) !== null)
		.map((tool) => serverToolInclude(name, tool))
		.filter((include) => include !== null);
}

function askedIn({ serverTools }: ModelRequest): readonly ServerTool[] {
	return serverToolNames.filter((tool) => serverTools.includes(tool));
}

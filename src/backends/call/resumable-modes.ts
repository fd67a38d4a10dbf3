import type { Endpoint, Host, HostWire } from "../hosts.ts";
import type { ResumableMode } from "./modes.ts";
import {
	interactionsCancellation,
	interactionsRequest,
	interactionsResumption,
} from "../wire/gemini-interactions-request.ts";
import { interactionsSpeak } from "../wire/gemini-interactions-params.ts";
import { backgroundRequest } from "../wire/openai-responses-request.ts";
import { responsesCancellation, responsesResumption } from "../wire/openai-responses-resume.ts";
import { readerFor } from "../wire/readers.ts";

/** The mode of this host in which a lost call can be taken up again; null where none is known to be there. */
export function resumableMode({ abilities }: Host, endpoint: Endpoint): ResumableMode | null {
	return abilities.resume === true ? (modes[endpoint.wire]?.(endpoint) ?? null) : null;
}

const modes: Readonly<Partial<Record<HostWire, (endpoint: Endpoint) => ResumableMode>>> = {
	"openai-responses": (endpoint) => ({
		// In the background everything is stored.
		speaks: ({ params }) => params["store"] !== false,
		build: (request) => backgroundRequest(request, endpoint),
		reader: (from) => readerFor("openai-responses", from),
		takeUp: (point, request) => responsesResumption(point, request, endpoint),
		cancel: (handle) => responsesCancellation(handle, endpoint),
	}),
	// Google's own protocol for what goes on in the background is another one.
	"gemini-generate": (endpoint) => ({
		speaks: interactionsSpeak,
		build: (request) => interactionsRequest(request, endpoint),
		reader: (from) => readerFor("gemini-interactions", from),
		takeUp: (point) => interactionsResumption(point, endpoint),
		cancel: (handle) => interactionsCancellation(handle, endpoint),
	}),
};

import { keepingRecent } from "../../std/recent.ts";
import type { ModelRequest } from "../backend.ts";
import type { Wiring } from "../call/call.ts";
import type { Endpoint } from "../hosts.ts";
import { nameOf, type CallPace, type PacedCall, type Standing } from "./pace.ts";
import type { SlotsState } from "./slots.ts";
import { base64CharactersIn } from "../wire/attachments.ts";

/** What a person may see of one host that a session asks: neither its URL nor its key. `resets_at` as in RFC 3339. */
export type HostStanding = {
	readonly backend: string;
	readonly model: string;
	/** Of the breaker: `open` while nothing is sent there. */
	readonly state: Standing["breaker"];
	/** Null: the host has not told. */
	readonly requests_left: number | null;
	readonly tokens_left: number | null;
	readonly resets_at: string | null;
};

/** What holds back the calls of a session, or does not. */
export type PaceView = { readonly waiting_for_headers: SlotsState; readonly hosts: readonly HostStanding[] };

/** How one session's calls go through the pace that it shares with others. */
export type PacedCalls = {
	readonly admitAt: (endpoint: Endpoint) => Wiring["admit"];
	/** Where its calls went, by name. */
	readonly hosts: () => readonly HostStanding[];
};

/** A team has fewer models, the fallbacks and the judge included. */
const shownMax = 64;

/** Remembers which hosts were asked, so that a session is shown its own alone. */
export function pacedCalls(pace: CallPace): PacedCalls {
	const asked = keepingRecent<Omit<PacedCall, "tokens">>(shownMax);
	return {
		admitAt:
			({ name, baseUrl, key }) =>
			(request, body, { signal, held }) => {
				const to = { name, baseUrl, key, model: request.model };
				asked.of(`${nameOf(to)} ${to.model}`, () => to);
				return pace.admit({ ...to, tokens: inputTokensIn(request, body) }, signal, held);
			},
		hosts: () =>
			asked
				.all()
				.toSorted((a, b) => `${a.name} ${a.model}`.localeCompare(`${b.name} ${b.model}`))
				.map((to) => standing(to, pace.standing(to))),
	};
}

const charactersPerToken = 4;

/** An estimate, too high where a cache is hit. What stands in the body as base64 is no text and hardly counts. */
function inputTokensIn({ messages }: ModelRequest, body: string): number {
	return Math.ceil(Math.max(0, body.length - base64CharactersIn(messages)) / charactersPerToken);
}

function standing({ name, model }: Omit<PacedCall, "tokens">, at: Standing): HostStanding {
	return {
		backend: name,
		model,
		state: at.breaker,
		requests_left: at.requestsLeft,
		tokens_left: at.tokensLeft,
		resets_at: at.resetsAtMs === null ? null : new Date(at.resetsAtMs).toISOString(),
	};
}

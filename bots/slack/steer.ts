import type { z } from "zod";
import type { Delivered } from "../../durable-objects/outbox/outbox.ts";
import { ApiError } from "../../src/api/client.ts";
import type { Session, Steer } from "../../src/api/contract.ts";
import { done, tell, type Desk } from "./desk.ts";
import type { Where } from "./post.ts";
import { escaped } from "./text.ts";

export const gone = "That run is over.";

/** A command to a session; a refusal is told to whoever gave it. */
export async function steered(
	desk: Desk,
	where: Where,
	{ session, command }: { readonly session: string; readonly command: z.input<typeof Steer> },
): Promise<Delivered> {
	try {
		await desk.deps.client.steer(session, command);
		return done;
	} catch (error) {
		if (!(error instanceof ApiError) || error.problem.status >= 500) throw error;
		const { status, detail } = error.problem;
		return tell(desk, where, status === 404 || status === 409 ? gone : escaped(detail));
	}
}

/** Null where it was deleted. */
export async function sessionOf({ deps }: Desk, session: string): Promise<Session | null> {
	try {
		return await deps.client.session(session);
	} catch (error) {
		if (error instanceof ApiError && error.problem.status === 404) return null;
		throw error;
	}
}

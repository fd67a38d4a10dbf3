import { createContext, useContext } from "react";
import type { Client } from "../../api/client.ts";
import type { Link } from "./follow.ts";
import type { PageSession } from "./page-session.ts";

/** What every part of a session's page sees. */
export type Room = {
	readonly session: PageSession;
	readonly link: Link;
	/** Null where it is only read: a shared session. */
	readonly seat: { readonly id: string; readonly client: Client; readonly look: () => void } | null;
	/** When that was what is shown; null: now. */
	readonly moment: string | null;
};

export const RoomContext = createContext<Room | null>(null);

/** The agents' ids in the order of their seats: apart from the rest, because they do not change as the session goes on. */
export const SeatsContext = createContext<readonly string[]>([]);

/** The session that is shown here. */
export function useRoom(): Room {
	const room = useContext(RoomContext);
	if (room === null) throw new Error("no session: this part of the page stands within a session's page");
	return room;
}

import { useMemo } from "react";
import { useApi } from "../state/api.ts";
import { RoomContext } from "../state/room.ts";
import { useSession } from "../state/use-session.ts";
import { RoomPage } from "./room-page.tsx";

/** A session of one's own, which one can steer. */
export function SessionPage({ id }: { readonly id: string }) {
	const { client, key, fetch } = useApi();
	const { session, link, look } = useSession({ kind: "own", id, key }, fetch);
	const seat = useMemo(() => ({ id, client, look }), [id, client, look]);
	const room = useMemo(() => ({ session, link, seat }), [session, link, seat]);
	return (
		<RoomContext value={room}>
			<RoomPage />
		</RoomContext>
	);
}

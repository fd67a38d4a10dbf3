import { useMemo } from "react";
import { RoomContext } from "../state/room.ts";
import { useSession } from "../state/use-session.ts";
import { RoomPage } from "./room-page.tsx";

const plainFetch = (request: Request) => fetch(request);

/** A session that somebody shared: to be read, without a key. */
export function SharedPage({ token }: { readonly token: string }) {
	const { session, link } = useSession({ kind: "shared", token }, plainFetch);
	const room = useMemo(() => ({ session, link, seat: null }), [session, link]);
	return (
		<RoomContext value={room}>
			<RoomPage />
		</RoomContext>
	);
}

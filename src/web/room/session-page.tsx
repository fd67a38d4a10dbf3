import { useMemo } from "react";
import { useApi } from "../state/api.ts";
import { ReplayedRoom } from "../replay/replayed-room.tsx";
import { useSession } from "../state/use-session.ts";
import { RoomPage } from "./room-page.tsx";

/** A session of one's own, which one can steer. */
export function SessionPage({ id }: { readonly id: string }) {
	const { client, key, fetch } = useApi();
	const { recording, link, look } = useSession({ kind: "own", id, key }, fetch);
	const seat = useMemo(() => ({ id, client, look }), [id, client, look]);
	return (
		<ReplayedRoom recording={recording} link={link} seat={seat}>
			<RoomPage />
		</ReplayedRoom>
	);
}

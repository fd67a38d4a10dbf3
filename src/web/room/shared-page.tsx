import { ReplayedRoom } from "../replay/replayed-room.tsx";
import { useSession } from "../state/use-session.ts";
import { RoomPage } from "./room-page.tsx";

const plainFetch = (request: Request) => fetch(request);

/** A session that somebody shared: to be read, without a key. */
export function SharedPage({ token }: { readonly token: string }) {
	const { recording, link } = useSession({ kind: "shared", token }, plainFetch);
	return (
		<ReplayedRoom recording={recording} link={link} seat={null}>
			<RoomPage />
		</ReplayedRoom>
	);
}

import { useState } from "react";
import type { LoggedEvent } from "../../consensus/events.ts";
import { emptyRecording, recordingAfter } from "../replay/recording.ts";
import { ReplayedRoom } from "../replay/replayed-room.tsx";
import { RoomPage } from "../room/room-page.tsx";

/** A session in a file of its own: shown and replayed, without a server. */
export function OfflinePage({ events }: { readonly events: readonly LoggedEvent[] }) {
	const [recording] = useState(() => recordingAfter(emptyRecording, events));
	return (
		<main id="main">
			<ReplayedRoom recording={recording} link={{ status: "rest" }} seat={null}>
				<RoomPage />
			</ReplayedRoom>
		</main>
	);
}

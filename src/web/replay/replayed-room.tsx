import { useMemo, useState, type ReactNode } from "react";
import type { Link } from "../state/follow.ts";
import { emptyPageSession } from "../state/page-session.ts";
import { RoomContext, type Room } from "../state/room.ts";
import { msOf } from "./player.ts";
import { countAt, sessionAt, type Checkpoint, type Recording } from "./recording.ts";
import { ReplayContext } from "./replay-context.ts";
import { usePlayer } from "./use-player.ts";

type Props = {
	readonly recording: Recording;
	readonly link: Link;
	readonly seat: Room["seat"];
	readonly children: ReactNode;
};

const start: Checkpoint = { count: 0, session: emptyPageSession };

/** A session as it happens, or as it was at the moment that its replay has reached; the page below does not tell them apart. */
export function ReplayedRoom({ recording, link, seat, children }: Props) {
	const { film, player, act } = usePlayer(recording);
	const isLive = player.status === "live";
	const count = isLive ? recording.events.length : countAt(recording, msOf(player, film));
	const [shown, setShown] = useState<Checkpoint>(start);
	const at = isLive ? null : sessionAt(recording, count, shown);
	// Kept, so that playing on folds only what is new.
	if (at !== null && at !== shown) setShown(at);
	const session = at === null ? recording.live : at.session;
	// What is only read and does not go on any more stands still as well.
	const still = at !== null || (seat === null && link.status === "rest");
	const moment = still ? (recording.events[count - 1]?.at ?? null) : null;
	const room = useMemo(() => ({ session, link, seat, moment }), [session, link, seat, moment]);
	const replay = useMemo(() => ({ recording, count, film, player, act }), [recording, count, film, player, act]);
	return (
		<RoomContext value={room}>
			<ReplayContext value={replay}>{children}</ReplayContext>
		</RoomContext>
	);
}

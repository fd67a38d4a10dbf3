import "./room.css";
import { Suspense, useMemo, useState } from "react";
import { ReplayBar } from "../replay/replay-bar.tsx";
import { SessionActions } from "../share/session-actions.tsx";
import { Nowhere } from "../shell/nowhere.tsx";
import { SeatsContext, useRoom } from "../state/room.ts";
import { tabs } from "../tabs/tabs.tsx";
import { Announcer } from "./announcer.tsx";
import { LinkNotice } from "./link-notice.tsx";
import { PartBoundary } from "./part-boundary.tsx";
import { Question } from "./question.tsx";
import { RoomFacts } from "./room-facts.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { SteerBar } from "./steer/steer-bar.tsx";
import { TabBar } from "./tab-bar.tsx";
import { useRoomKeys } from "./use-room-keys.ts";
import { useTitle } from "./use-title.ts";

/** A session: what was asked, its tabs, and the ways to steer it. */
export function RoomPage() {
	const { session, link, seat, moment } = useRoom();
	const [open, setOpen] = useState(() => tabNamed(location.hash.slice(1)).key);
	const [helps, setHelps] = useState(false);
	const show = (key: string) => {
		setOpen(key);
		history.replaceState(null, "", `#${key}`);
	};
	useRoomKeys({ show, help: () => setHelps(true) });
	useTitle(session.view);
	const ids = session.view.agents.map(({ id }) => id).join(" ");
	const seats = useMemo(() => ids.split(" "), [ids]);
	if (link.status === "refused" && session.view.last_seq === 0)
		return <Nowhere what={`${link.problem.detail} The link may be mistyped, or what it led to is gone.`} />;
	const { component: Shown, key } = tabNamed(open);
	return (
		<SeatsContext value={seats}>
			<div className="room">
				<Question text={session.view.question} key={session.view.turn} />
				<LinkNotice link={link} />
				<div className="room-bar">
					<TabBar open={key} show={show} />
					<RoomFacts />
				</div>
				<div className="room-tools">
					<ReplayBar />
					<SessionActions />
				</div>
				<div className="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${key}`}>
					<PartBoundary key={key}>
						<Suspense fallback={<p className="soft">Loading…</p>}>
							<Shown />
						</Suspense>
					</PartBoundary>
				</div>
				{seat !== null && moment === null && <SteerBar seat={seat} />}
				<Announcer />
				<Shortcuts open={helps} close={() => setHelps(false)} />
			</div>
		</SeatsContext>
	);
}

function tabNamed(key: string) {
	return tabs.find((tab) => tab.key === key) ?? tabs[0];
}

import { useState } from "react";
import { useRoom } from "../state/room.ts";
import { announcementOf, linkAnnouncement } from "./announcement.ts";

/** Tells those who do not see the page what has changed. */
export function Announcer() {
	const { session, link } = useRoom();
	const [told, setTold] = useState({ view: session.view, link: link.status, text: "" });
	if (told.view !== session.view || told.link !== link.status) {
		const isFirst = told.view.last_seq === 0;
		const news = isFirst
			? null
			: (announcementOf(told.view, session.view) ?? linkAnnouncement(told.link, link.status));
		setTold({ view: session.view, link: link.status, text: news ?? told.text });
	}
	return (
		<p className="unseen" aria-live="polite">
			{told.text}
		</p>
	);
}

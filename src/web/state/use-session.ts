import { startTransition, useEffect, useReducer, useRef, useState } from "react";
import type { LoggedEvent } from "../../consensus/events.ts";
import { makeFrameBatch } from "./frame-batch.ts";
import { follow, type FollowDeps, type Link } from "./follow.ts";
import { nudged } from "./nudged.ts";
import { paused } from "./paused.ts";
import { emptyRecording, recordingAfter, type Recording } from "../replay/recording.ts";
import type { Source } from "./session-source.ts";

export type Followed = {
	readonly recording: Recording;
	readonly link: Link;
	/** There may be news: the person has just sent something to a session at rest. */
	readonly look: () => void;
};

/** A session as it happens. One source for the life of the component: give it a `key` where that may change. */
export function useSession(source: Source, send: FollowDeps["fetch"]): Followed {
	const [recording, add] = useReducer(recordingAfter, emptyRecording);
	const [link, setLink] = useState<Link>({ status: "connecting" });
	const looks = useRef(new EventTarget());
	const [first] = useState(source);
	const [firstSend] = useState(() => send);
	useEffect(() => {
		const life = new AbortController();
		// Drawn in slices between frames: ten agents that speak at once must not hold up a key or a scroll.
		const batch = makeFrameBatch<LoggedEvent>((events) => startTransition(() => add(events)));
		const target = looks.current;
		void follow(
			first,
			{
				baseUrl: location.origin,
				fetch: firstSend,
				pause: paused,
				now: () => Date.now(),
				onEvent: batch.push,
				onLink: setLink,
				nudge: (signal) => nudged([target, globalThis, document], signal),
			},
			life.signal,
		);
		return () => {
			life.abort();
			batch.drop();
		};
	}, [first, firstSend]);
	return { recording, link, look: () => looks.current.dispatchEvent(new Event("look")) };
}

import "./replay.css";
import { clockText } from "../room/figures.ts";
import { isRunning } from "../room/phase.ts";
import { PlayIcon } from "./play-icon.tsx";
import { msOf, voteBeside } from "./player.ts";
import { useRoom } from "../state/room.ts";
import { useReplay } from "./replay-context.ts";
import { Scrub } from "./scrub.tsx";
import { useReplayKeys } from "./use-replay-keys.ts";

/** Plays a session again: from any moment, at any speed, and back to what happens now. */
export function ReplayBar() {
	const { recording, film, player, act } = useReplay();
	useReplayKeys(act, player.status === "playing");
	const { link } = useRoom();
	const ms = msOf(player, film);
	const running = isRunning(recording.live.view) && link.status !== "rest";
	const plays = player.status === "playing";
	const isLive = player.status === "live";
	return (
		<section className="replay-bar" aria-label="Replay" data-status={player.status}>
			<Jump to="previous" name="Previous vote" none={voteBeside(film, ms, "previous") === undefined} />
			<button
				type="button"
				className="button plain replay-play"
				aria-label={plays ? "Pause" : "Play"}
				disabled={film.lengthMs === 0}
				onClick={() => act({ type: plays ? "pause" : "play" })}
			>
				<PlayIcon shape={plays ? "pause" : "play"} />
			</button>
			<Jump to="next" name="Next vote" none={voteBeside(film, ms, "next") === undefined} />
			<span className="numeric tiny soft replay-time">
				{clockText(ms)} / {clockText(film.lengthMs)}
			</span>
			<Scrub />
			<button
				type="button"
				className="button plain numeric replay-speed"
				aria-label={`${player.speed}×, play faster`}
				onClick={() => act({ type: "faster" })}
			>
				{player.speed}×
			</button>
			<button
				type="button"
				className="button replay-live"
				aria-pressed={isLive}
				onClick={() => act({ type: "live" })}
			>
				<span className="dot" data-running={running} aria-hidden="true" />
				{running ? "Live" : "End"}
			</button>
		</section>
	);
}

type JumpProps = {
	readonly to: "next" | "previous";
	readonly name: string;
	readonly none: boolean;
};

function Jump({ to, name, none }: JumpProps) {
	const { act } = useReplay();
	return (
		<button
			type="button"
			className="button plain"
			aria-label={name}
			title={name}
			disabled={none}
			onClick={() => act({ type: "jump", to })}
		>
			<PlayIcon shape={to} />
		</button>
	);
}

import { useRef, useState } from "react";
import { LaneNames } from "./lane-names.tsx";
import { Picture } from "./picture.tsx";
import { Readout } from "./readout.tsx";
import type { Item, Scene } from "./scene.ts";
import { useTimelineKeys } from "./use-timeline-keys.ts";
import { useTimelinePointer } from "./use-timeline-pointer.ts";
import { useViewport } from "./use-viewport.ts";
import { useWidth } from "./use-width.ts";
import { ZoomButtons } from "./zoom-buttons.tsx";

/** The swimlanes with the ways to move about in them. */
export function TimelineFrame({ scene }: { readonly scene: Scene }) {
	const frame = useRef<HTMLDivElement>(null);
	const width = useWidth(frame);
	const looking = useViewport(frame, scene.endMs, width);
	const [picked, setPicked] = useState<Item | null>(null);
	const geometry = { viewport: looking.viewport, width };
	const pressed = useTimelineKeys({ scene, looking, picked, pick: setPicked });
	const pointing = useTimelinePointer({ scene, geometry, looking, point: setPicked });
	return (
		<>
			<ZoomButtons looking={looking} />
			<div className="timeline-frame card">
				<LaneNames lanes={scene.lanes} />
				{/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application is what takes keys */}
				<div
					ref={frame}
					role="application"
					className="timeline-view"
					aria-label="Timeline. Arrow keys go from item to item, plus and minus zoom, Shift and arrows pan."
					// oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys move about in it
					tabIndex={0}
					data-whole={looking.isWhole}
					onKeyDown={pressed}
					{...pointing}
				>
					<Picture scene={scene} geometry={geometry} picked={picked} />
				</div>
			</div>
			<Readout item={picked} lanes={scene.lanes} />
		</>
	);
}

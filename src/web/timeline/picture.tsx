import { memo } from "react";
import { hueOf } from "../room/seats.ts";
import { drawnOf } from "./drawn.ts";
import { heightOf, laneHeight, laneTop, type Geometry } from "./geometry.ts";
import { MarkCounts } from "./mark-counts.tsx";
import { arrowsOf, outlineOf, outlinesOf } from "./outlines.ts";
import type { Item, Scene } from "./scene.ts";
import { spacedNames } from "./spaced-names.ts";
import { TickLine } from "./tick-line.tsx";
import { ticksOf } from "./ticks.ts";
import { TurningLine } from "./turning-line.tsx";

type Props = { readonly scene: Scene; readonly geometry: Geometry; readonly picked: Item | null };

const tickPx = 90;

/** The swimlanes; only what is in sight and can be told apart is drawn. */
export const Picture = memo(function Picture({ scene, geometry, picked }: Props) {
	const { viewport, width } = geometry;
	const height = heightOf(scene.lanes.length);
	const drawn = drawnOf(scene, viewport, width);
	const items = drawn.items.map(({ item }) => item);
	return (
		<svg
			width={width}
			height={height}
			viewBox={`0 0 ${width} ${height}`}
			role="img"
			aria-label={`${scene.lanes.length} lanes with ${scene.items.length} items; the same stands in the table`}
		>
			{scene.lanes.map((agent, lane) => (
				<rect
					key={agent ?? "judge"}
					className="lane"
					data-even={lane % 2 === 0}
					y={laneTop(lane)}
					width={width}
					height={laneHeight}
				/>
			))}
			{ticksOf(viewport, width / tickPx).map((tick) => (
				<TickLine key={tick.ms} tick={tick} geometry={geometry} height={height} />
			))}
			{spacedNames(drawn.turnings, geometry).map(({ turning, named, late }) => (
				<TurningLine key={turning.seq} {...{ turning, geometry, height, named, late }} />
			))}
			{outlinesOf(items, geometry).map(({ key, lane, kind, open, d }) => (
				<path
					key={key}
					className="seat item"
					data-kind={kind}
					data-open={open}
					style={{ "--hue": hueOf(lane + 1) }}
					d={d}
				/>
			))}
			{[...Map.groupBy(drawn.influences, ({ from }) => from.lane)].map(([lane, influences]) => (
				<path
					key={lane}
					className="seat influence"
					style={{ "--hue": hueOf(lane + 1) }}
					d={arrowsOf(influences, geometry)}
				/>
			))}
			<MarkCounts items={drawn.items} geometry={geometry} />
			{picked !== null && <path className="picked" d={outlineOf(picked, geometry)} />}
		</svg>
	);
});

import { memo } from "react";
import { drawnOf, type Drawn } from "./drawn.ts";
import { heightOf, laneHeight, laneTop, xOf, type Geometry } from "./geometry.ts";
import { InfluenceArrow } from "./influence-arrow.tsx";
import { ItemShape } from "./item-shape.tsx";
import type { Item, Scene } from "./scene.ts";
import { ticksOf } from "./ticks.ts";
import { TickLine } from "./tick-line.tsx";
import { TurningLine } from "./turning-line.tsx";

type Props = { readonly scene: Scene; readonly geometry: Geometry; readonly picked: Item | null };

const tickPx = 90;
const letterPx = 6.5;

/** The swimlanes; only what is in sight and can be told apart is drawn. */
export const Picture = memo(function Picture({ scene, geometry, picked }: Props) {
	const { viewport, width } = geometry;
	const height = heightOf(scene.lanes.length);
	const drawn = drawnOf(scene, viewport, width);
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
			{spaced(drawn, geometry).map(({ turning, named, late }) => (
				<TurningLine key={turning.seq} {...{ turning, geometry, height, named, late }} />
			))}
			{drawn.items
				.toSorted((a, b) => depth[a.item.kind] - depth[b.item.kind])
				.map(({ item, count }) => (
					<ItemShape
						key={`${item.seq} ${item.lane}`}
						item={item}
						count={count}
						geometry={geometry}
						picked={picked !== null && item.seq === picked.seq && item.lane === picked.lane}
					/>
				))}
			{drawn.influences.map((influence) => (
				<InfluenceArrow
					key={`${influence.seq} ${influence.answer} ${influence.to.lane}`}
					influence={influence}
					geometry={geometry}
				/>
			))}
		</svg>
	);
});

const depth = {
	round: 0,
	presentation: 0,
	call: 1,
	told: 2,
	refused: 2,
	fell: 4,
	failed: 3,
	out: 3,
	vote: 4,
	answer: 5,
} as const satisfies Record<Item["kind"], number>;

/** Names only where they do not run into the one before. */
function spaced({ turnings }: Drawn, geometry: Geometry) {
	let taken = -Infinity;
	return turnings.map((turning) => {
		const x = xOf(geometry, turning.atMs);
		const wide = turning.short.length * letterPx + 8;
		const late = x + wide > geometry.width;
		const named = (late ? x - wide : x) >= taken;
		if (named) taken = late ? x : x + wide;
		return { turning, named, late };
	});
}

import { costText, kindName, timeText } from "./item-text.ts";
import type { Item, Scene } from "./scene.ts";

type Props = { readonly item: Item | null; readonly lanes: Scene["lanes"] };

/** What is pointed at, with its time and cost. Its place is kept, so that nothing moves. */
export function Readout({ item, lanes }: Props) {
	if (item === null)
		return <output className="readout soft">Point at something, or use the arrow keys, to read what it is.</output>;
	const cost = costText(item);
	return (
		<output className="readout">
			<strong>
				<bdi>{lanes[item.lane] ?? "judge"}</bdi> · {kindName(item)}
			</strong>{" "}
			<span className="numeric">
				{timeText(item)}
				{cost !== "" && `, ${cost}`}
			</span>
			<span className="readout-text" dir="auto">
				{item.text}
			</span>
		</output>
	);
}

import { tabs } from "../tabs/tabs.tsx";
import { Sheet } from "../shell/sheet.tsx";

type Props = { readonly open: boolean; readonly close: () => void };

/** What the keys do. */
export function Shortcuts({ open, close }: Props) {
	if (!open) return null;
	return (
		<Sheet title="Keys" close={close}>
			<dl className="keys">
				{tabs.map(({ key, title }) => (
					<Line key={key} keys={key.toUpperCase()} does={title} />
				))}
				<Line keys="Space" does="Play or pause the replay" />
				<Line keys="[ and ]" does="Vote before, vote after" />
				<Line keys="1 – 9" does="Go to that agent" />
				<Line keys="Enter" does="Send" />
				<Line keys="Shift + Enter" does="New line" />
				<Line keys="?" does="This list" />
				<Line keys="Esc" does="Close, or leave the field" />
			</dl>
		</Sheet>
	);
}

function Line({ keys, does }: { readonly keys: string; readonly does: string }) {
	return (
		<div>
			<dt>
				<kbd>{keys}</kbd>
			</dt>
			<dd>{does}</dd>
		</div>
	);
}

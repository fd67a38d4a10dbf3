import { useState } from "react";

type Props = {
	readonly what: string;
	/** Resolves to null, or to why it was refused. */
	readonly remove: () => Promise<string | null>;
	readonly keep: () => void;
};

/** Asks once more, because nothing brings it back. The way out has the focus. */
export function DeleteConfirm({ what, remove, keep }: Props) {
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const act = async () => {
		setBusy(true);
		setFault(await remove());
		setBusy(false);
	};
	return (
		<fieldset className="delete-confirm" aria-label={`Delete ${what.slice(0, 100)}?`}>
			<span className="tiny">{fault ?? "For good?"}</span>
			<button type="button" className="button bad" disabled={busy} onClick={() => void act()}>
				Delete
			</button>
			{/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this */}
			<button type="button" className="button" autoFocus onClick={keep}>
				Keep
			</button>
		</fieldset>
	);
}

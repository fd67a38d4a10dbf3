import { useLayoutEffect, useRef, type ClipboardEvent, type KeyboardEvent } from "react";

type Props = {
	readonly id: string;
	readonly label: string;
	readonly value: string;
	readonly change: (value: string) => void;
	readonly send: () => void;
	readonly paste?: (event: ClipboardEvent) => void;
	readonly focusFirst?: boolean;
};

const heightPxMax = 320;
/** Measuring a longer text at each key would be felt. */
const measuredCharsMax = 20_000;

/** A field that grows with what is written; Enter sends, Shift+Enter begins a line. */
export function GrowingField({ id, label, value, change, send, paste, focusFirst = false }: Props) {
	const field = useRef<HTMLTextAreaElement>(null);
	useLayoutEffect(() => {
		const { current } = field;
		if (current === null) return;
		current.style.height = "auto";
		const height = value.length > measuredCharsMax ? heightPxMax : Math.min(current.scrollHeight + 2, heightPxMax);
		current.style.height = `${height}px`;
	}, [value]);
	useLayoutEffect(() => {
		if (focusFirst) field.current?.focus();
	}, [focusFirst]);
	const pressed = (event: KeyboardEvent) => {
		// An input method uses Enter for itself.
		if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
		event.preventDefault();
		send();
	};
	return (
		<textarea
			ref={field}
			id={id}
			className="field growing-field"
			dir="auto"
			rows={1}
			aria-label={label}
			placeholder={label}
			value={value}
			onChange={(event) => change(event.target.value)}
			onKeyDown={pressed}
			onPaste={paste}
		/>
	);
}

import { useState, type KeyboardEvent } from "react";

const titleCharsMax = 200;

type Props = {
	readonly title: string;
	/** Resolves to null, or to why it was refused. */
	readonly rename: (title: string) => Promise<string | null>;
	readonly done: () => void;
};

/** A new title in the place of the old; Enter keeps it, Esc does not. */
export function RenameForm({ title, rename, done }: Props) {
	const [words, setWords] = useState(title);
	const [fault, setFault] = useState<string | null>(null);
	const keep = async () => {
		const refused = words.trim() === title ? null : await rename(words.trim());
		setFault(refused);
		if (refused === null) done();
	};
	const pressed = (event: KeyboardEvent) => {
		if (event.key !== "Escape") return;
		event.preventDefault();
		done();
	};
	return (
		<form
			className="rename-form"
			onSubmit={(event) => {
				event.preventDefault();
				void keep();
			}}
		>
			<input
				className="field"
				aria-label="New title"
				dir="auto"
				maxLength={titleCharsMax}
				value={words}
				// oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field
				autoFocus
				onFocus={({ target }) => target.select()}
				onChange={(event) => setWords(event.target.value)}
				onKeyDown={pressed}
			/>
			<button className="button main" disabled={words.trim() === ""}>
				Keep
			</button>
			<button type="button" className="button plain" onClick={done}>
				Cancel
			</button>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
		</form>
	);
}

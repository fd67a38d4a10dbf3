export type CapTexts = { readonly usd: string; readonly tokens: string; readonly calls: string };

type Props = {
	readonly of: string;
	readonly caps: CapTexts;
	readonly change: (caps: CapTexts) => void;
};

const fields = [
	["usd", "Dollars", "decimal"],
	["tokens", "Tokens", "numeric"],
	["calls", "Calls", "numeric"],
] as const;

/** What something may cost, in three measures; an empty one has no cap. */
export function CapFields({ of, caps, change }: Props) {
	return (
		<fieldset className="cap-fields">
			<legend>{of}</legend>
			{fields.map(([name, title, inputMode]) => (
				<label key={name}>
					{title}
					<input
						className="field numeric"
						inputMode={inputMode}
						placeholder="no cap"
						aria-label={`${title}, ${of.toLowerCase()}`}
						value={caps[name]}
						onChange={(event) => change({ ...caps, [name]: event.target.value })}
					/>
				</label>
			))}
		</fieldset>
	);
}

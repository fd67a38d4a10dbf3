import { bytesOf } from "./plain.ts";

/** Discord's building blocks, as far as we use them: https://docs.discord.com/developers/components/reference */

export type Text = { readonly type: 10; readonly content: string };
export type Separator = { readonly type: 14 };
export type Button =
	| { readonly type: 2; readonly style: 1 | 2 | 3 | 4; readonly label: string; readonly custom_id: string }
	| { readonly type: 2; readonly style: 5; readonly label: string; readonly url: string };
export type Select = {
	readonly type: 3;
	readonly custom_id: string;
	readonly placeholder: string;
	readonly options: readonly { readonly label: string; readonly value: string }[];
};
export type Row = { readonly type: 1; readonly components: readonly (Button | Select)[] };
export type Container = {
	readonly type: 17;
	readonly accent_color: number;
	readonly components: readonly (Text | Separator | Row)[];
};

export const text = (content: string): Text => ({ type: 10, content });
export const separator: Separator = { type: 14 };

const labelCharsMax = 80;
const optionCharsMax = 100;
const optionsMax = 25;
const urlCharsMax = 512;
const buttonsPerRow = 5;

type Look = { readonly label: string; readonly style: 1 | 2 | 4 };

/** What somebody presses; its id says what for. */
export function button({ label, style }: Look, custom_id: string): Button {
	return { type: 2, style, label: label.slice(0, labelCharsMax), custom_id };
}

/** Nothing where the address is longer than Discord takes. */
export function link(label: string, url: string): readonly Button[] {
	return url.length > urlCharsMax ? [] : [{ type: 2, style: 5, label: label.slice(0, labelCharsMax), url }];
}

/** Rows of buttons; none where there are none. */
export function rows(buttons: readonly Button[]): readonly Row[] {
	const first = buttons.slice(0, buttonsPerRow);
	return first.length === 0 ? [] : [{ type: 1, components: first }, ...rows(buttons.slice(buttonsPerRow))];
}

/** One of several, at most 25. */
export function select(custom_id: string, placeholder: string, values: readonly string[]): Row {
	const options = values
		.slice(0, optionsMax)
		.map((value) => ({ label: value.slice(0, optionCharsMax), value: value.slice(0, optionCharsMax) }));
	return { type: 1, components: [{ type: 3, custom_id, placeholder, options }] };
}

/** Over all texts of a message. Of bytes Discord says nothing, but breaks beyond 10,170 (discord-api-docs#8554). */
export const textCharsMax = 4000;
export const textBytesMax = 9500;
const bytesPerText = 12;

/** Whether Discord takes these texts in one message. */
export function fit(texts: readonly string[]): boolean {
	const chars = texts.reduce((sum, { length }) => sum + length, 0);
	const bytes = texts.reduce((sum, each) => sum + bytesOf(each) + bytesPerText, 0);
	return chars <= textCharsMax && bytes <= textBytesMax && texts.every((each) => each !== "");
}

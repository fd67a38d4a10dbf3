import { Lexer, type MarkedToken, type Token } from "marked";

/** A paragraph that is longer stands as plain text: pairing its marks would take too long. */
export const inlineCharsMax = 4_000;
/** A line with more marks of lists and quotations in a row is no Markdown that anybody meant. */
export const nestingMax = 20;

const tooNested = new RegExp(`^(?:[ \\t]*(?:[>*+-]|\\d{1,9}[.)])[ \\t]*){${nestingMax + 1}}`, "m");

/**
 * The tokens of a piece of Markdown. What would be too much to parse is text. A line that a model ended is a line: most of
 * them mean it so, and verses, addresses and steps of a sum are lost otherwise.
 */
export function tokensOf(text: string): readonly MarkedToken[] {
	if (tooNested.test(text)) return [plain(text)];
	const lexer = new Lexer({ gfm: true, breaks: true });
	lexer.blockTokens(text.replaceAll(/\r\n?/g, "\n"), lexer.tokens);
	for (const { src, tokens } of lexer.inlineQueue) {
		if (src.length <= inlineCharsMax) lexer.inlineTokens(src, tokens);
		else tokens.push(plain(src));
	}
	return known(lexer.tokens);
}

/** The same tokens, as the union that they are: no extension of the parser makes others. */
export function known(tokens: readonly Token[] | undefined): readonly MarkedToken[] {
	const all: readonly Token[] = tokens ?? [];
	return all as readonly MarkedToken[];
}

function plain(text: string): MarkedToken {
	return { type: "text", raw: text, text, escaped: false };
}

import type { JsonObject } from "../../std/json.ts";
import { makeFailure } from "../failure.ts";
import { isServerResult, serverResultOf } from "./anthropic-results.ts";
import { countOf, listOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { argumentsOf } from "./json-arguments.ts";
import {
	addCitation,
	addEcho,
	addReasoning,
	addText,
	addToolCall,
	addToolResult,
	emit,
	giveUp,
	type Reading,
	roomForArguments,
} from "./reading.ts";

/** The content blocks of one message, told apart by the `index` of each payload. */
export type AnthropicBlocks = {
	readonly start: (payload: JsonObject) => void;
	readonly add: (payload: JsonObject) => void;
	/** Adds a piece of text to the block that this payload belongs to. */
	readonly addText: (payload: JsonObject, text: string) => void;
	readonly stop: (payload: JsonObject) => void;
	/** Drops the open blocks and takes those that a message has from its start. */
	readonly restart: (content: readonly JsonObject[]) => void;
	/** The message is over: closes what its host has left open. */
	readonly close: () => void;
};

/** Blocks that may be open at once; the API sends them one after the other. */
export const openBlocksMax = 256;

/** Puts content blocks together; text and thinking are yielded as they come, the rest when a block is whole. */
export function anthropicBlocks(reading: Reading): AnthropicBlocks {
	const open = new Map<number, Block>();
	const tools: ServerTools = new Map();

	function start(payload: JsonObject): void {
		if (open.size >= openBlocksMax)
			return giveUp(reading, makeFailure("bad_stream", `more than ${openBlocksMax} open content blocks`));
		open.set(indexOf(payload), newBlock(reading, objectOf(payload["content_block"])));
	}

	function add(payload: JsonObject): void {
		const block = open.get(indexOf(payload));
		if (block !== undefined) addDelta(reading, block, objectOf(payload["delta"]));
	}

	function addPiece(payload: JsonObject, text: string): void {
		const block = open.get(indexOf(payload));
		if (block === undefined) return;
		block.text += text;
		addText(reading, text);
	}

	function stop(payload: JsonObject): void {
		const index = indexOf(payload);
		const block = open.get(index);
		open.delete(index);
		if (block !== undefined) closeBlock(reading, block, tools);
	}

	function restart(content: readonly JsonObject[]): void {
		open.clear();
		for (const block of content) closeBlock(reading, newBlock(reading, block), tools);
	}

	function close(): void {
		for (const block of open.values()) closeBlock(reading, block, tools);
		open.clear();
	}

	return { start, add, addText: addPiece, stop, restart, close };
}

/** The names of the tools that the API runs, by the ids of their calls; results name the id only. */
type ServerTools = Map<string, string>;
/** Names that are kept; a result without is called by its kind. */
export const serverToolsMax = 256;

/** One content block on its way: as it began, and what its deltas have added. */
type Block = {
	readonly start: JsonObject;
	text: string;
	thinking: string;
	signature: string;
	json: string;
	extra: JsonObject;
	citations: JsonObject[];
};

function indexOf(payload: JsonObject): number {
	return countOf(payload["index"]) ?? 0;
}

/** A block that begins with content already in it is taken as it is; its deltas, if any, add to that. */
function newBlock(reading: Reading, start: JsonObject): Block {
	const text = textOf(start["text"]);
	const thinking = textOf(start["thinking"]);
	const citations = [...objectsOf(start["citations"])];
	addText(reading, text);
	addReasoning(reading, thinking);
	for (const citation of citations) addCitation(reading, textOf(citation["url"]), textOf(citation["title"]));
	return { start, text, thinking, citations, signature: textOf(start["signature"]), json: "", extra: {} };
}

function addDelta(reading: Reading, block: Block, delta: JsonObject): void {
	switch (delta["type"]) {
		case "text_delta":
			block.text += textOf(delta["text"]);
			return addText(reading, textOf(delta["text"]));
		case "thinking_delta":
			block.thinking += textOf(delta["thinking"]);
			return addReasoning(reading, textOf(delta["thinking"]));
		case "input_json_delta":
			block.json += textOf(delta["partial_json"]);
			roomForArguments(reading, block.json.length);
			return;
		case "signature_delta":
			block.signature += textOf(delta["signature"]);
			return;
		case "citations_delta": {
			const citation = objectOf(delta["citation"]);
			block.citations.push(citation);
			return addCitation(reading, textOf(citation["url"]), textOf(citation["title"]));
		}
		case "compaction_delta": {
			const { type: _, ...extra } = delta;
			block.extra = { ...block.extra, ...extra };
			return;
		}
		default:
			return;
	}
}

function closeBlock(reading: Reading, block: Block, tools: ServerTools): void {
	const { start } = block;
	const raw = block.json === "" ? start["input"] : block.json;
	switch (start["type"]) {
		case "text":
			// An empty text block is sent by the API but refused by it.
			if (block.text !== "") addEcho(reading, { ...start, text: block.text, ...citedBy(block) });
			return;
		case "thinking":
			return addEcho(reading, { ...start, thinking: block.thinking, signature: block.signature });
		case "tool_use":
			addToolCall(reading, { id: textOf(start["id"]), name: textOf(start["name"]), raw });
			return addEcho(reading, { ...start, input: argumentsOf(raw) });
		case "server_tool_use":
		case "mcp_tool_use":
			emit(reading, { type: "server_tool", name: textOf(start["name"]), arguments: argumentsOf(raw) });
			if (tools.size < serverToolsMax) tools.set(textOf(start["id"]), textOf(start["name"]));
			return addEcho(reading, { ...start, input: argumentsOf(raw) });
		default:
			if (isServerResult(start))
				addToolResult(reading, serverResultOf(start, tools.get(textOf(start["tool_use_id"])) ?? ""));
			return addEcho(reading, { ...start, ...block.extra });
	}
}

function citedBy(block: Block): JsonObject {
	return block.citations.length > 0 || listOf(block.start["citations"]).length > 0
		? { citations: block.citations }
		: {};
}

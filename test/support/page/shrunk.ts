import { constants, crc32, deflateSync, inflateSync } from "node:zlib";

const signatureBytes = 8;
/** What a picture needs: its size, its pixels, its end. */
const pixels = "IDAT";
const needed = ["IHDR", "PLTE", "tRNS", pixels, "IEND"];

/** The same PNG in fewer bytes: a browser makes one quickly, this takes its time, and leaves out what is no picture. */
export function shrunk(png: Buffer): Buffer {
	const chunks = chunksOf(png).filter(({ type }) => needed.includes(type));
	const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === pixels).map(({ data }) => data)));
	const packed = deflateSync(raw, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY });
	const first = chunks.findIndex(({ type }) => type === pixels);
	const kept = chunks
		.filter(({ type }, place) => type !== pixels || place === first)
		.map(({ type, data }) => chunk(type, type === pixels ? packed : data));
	return Buffer.concat([png.subarray(0, signatureBytes), ...kept]);
}

type Chunk = { readonly type: string; readonly data: Buffer };

/** https://www.w3.org/TR/png-3/#5Chunk-layout: length, type, data, check sum. */
function chunksOf(png: Buffer): readonly Chunk[] {
	const chunks: Chunk[] = [];
	for (let at = signatureBytes; at < png.length;) {
		const length = png.readUInt32BE(at);
		const data = png.subarray(at + 8, at + 8 + length);
		chunks.push({ type: png.toString("latin1", at + 4, at + 8), data });
		at += 12 + length;
	}
	return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
	const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	sum.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, sum]);
}

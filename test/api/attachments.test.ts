import { describe, expect, test } from "vitest";
import {
	attachmentBytesMax,
	attachmentNameCharsMax,
	attachmentsBytesMax,
	attachmentsMax,
} from "../../src/api/attachment-schema.ts";
import type { AppDeps, BackendsPort } from "../../src/api/deps.ts";
import type { NewFile } from "../../src/consensus/events.ts";
import { base64Of, png, pngStart, sentAs } from "../support/attachments.ts";
import { type Api, badInput, makeApi, refusedWith, send, sendRaw } from "../support/api.ts";

type Abilities = NonNullable<NonNullable<ReturnType<BackendsPort["about"]>>["host"]>["abilities"];
const none: Abilities = {
	tools: true,
	reasoning: false,
	images: false,
	files: false,
	image_output: false,
	web_search: false,
	code_execution: false,
	web_fetch: false,
	structured_output: false,
	resume: false,
};
/** `openai` looks at whatever it is shown, `anthropic` at what this says, `demo` is no host. */
function seeing(abilities: Partial<Abilities> = {}): Pick<AppDeps, "backends"> {
	const { backends } = makeApi().deps;
	const abilitiesAt = (name: string) => ({
		...none,
		...(name === "openai" ? { images: true, files: true } : abilities),
	});
	const about = (name: string) => {
		if (name === "demo") return { defaultModel: "m", host: null };
		const host = { wire: "openai-chat", abilities: abilitiesAt(name), abilitiesOf: () => abilitiesAt(name) };
		return { defaultModel: "m", host };
	};
	const problem: typeof backends.problem = ({ backend }, needs = []) => {
		const lacks = backend === "demo" ? none : abilitiesAt(backend);
		return needs.some((need) => lacks[need] === false) ? { path: "model", message: "cannot" } : null;
	};
	return { backends: { ...backends, problem, about } };
}

const agent = (id: string, backend: string) => ({ id, backend, model: "m" });
const asking = (attachments: unknown, ...agents: readonly object[]) => ({
	question: "What is this?",
	team: { agents: agents.length === 0 ? [agent("a", "openai")] : agents },
	attachments,
});
const asked = async (attachments: unknown) =>
	send(makeApi(seeing()), "/v1/sessions", { body: asking(attachments) }).then(({ status, body }) =>
		status === 202 ? "taken" : { status, body },
	);
const text = (content: string, media_type = "text/plain") => ({
	name: "t",
	media_type,
	data: Buffer.from(content).toString("base64"),
});
const ofType = (media_type: string, start: string) => ({ name: "f", media_type, data: base64Of(start, 2000) });

describe("what a question may bring along", () => {
	test.each<[string, unknown]>([
		["nothing", []],
		["a PNG", [ofType("image/png", pngStart)]],
		["a JPEG", [ofType("image/jpeg", "\u00FF\u00D8\u00FF\u00E0")]],
		["an old GIF", [ofType("image/gif", "GIF87a")]],
		["a GIF", [ofType("image/gif", "GIF89a")]],
		["a WebP", [ofType("image/webp", "RIFF....WEBPVP8 ")]],
		["a PDF", [ofType("application/pdf", "%PDF-1.7")]],
		["a PDF that begins with something else", [ofType("application/pdf", `${" ".repeat(1000)}%PDF-1.7`)]],
		["plain text", [text("Grüße")]],
		["Markdown", [text("# Title", "text/markdown")]],
		["a table", [text("a,b\n1,2", "text/csv")]],
		["JSON", [text("{}", "application/json")]],
		["as many as there may be", Array.from({ length: attachmentsMax }, () => text("x"))],
		["one as large as it may be", [sentAs(png("a.png", attachmentBytesMax))]],
		[
			"several as large as they may be together",
			[sentAs(png("a.png", attachmentBytesMax)), sentAs(png("b.png", attachmentsBytesMax - attachmentBytesMax))],
		],
		["a long name", [{ ...text("x"), name: "n".repeat(attachmentNameCharsMax) }]],
		["a name in any script", [{ ...text("x"), name: "Übersicht (2) – 図表 🙂.txt" }]],
	])("%s", async (_, attachments) => {
		expect(await asked(attachments)).toBe("taken");
	});
});

const nameFault = {
	path: "attachments.0.name",
	message: "must be a file's name, without slashes and control characters",
};
const dataFault = (message: string, at = 0) => ({ path: `attachments.${at}.data`, message });
const base64Fault = dataFault("must be base64 (RFC 4648), padded and without line breaks");

describe("what it may not", () => {
	test.each<[string, unknown, readonly { path: string; message: string }[]]>([
		["no list", {}, [{ path: "attachments", message: "must be an array" }]],
		[
			"one too many",
			Array.from({ length: attachmentsMax + 1 }, () => text("x")),
			[{ path: "attachments", message: "must be at most 8 entries" }],
		],
		[
			"one byte too much in one of them",
			[text("x"), sentAs(png("a.png", attachmentBytesMax + 1))],
			[dataFault("must be at most 2097152 bytes when decoded", 1)],
		],
		[
			"one byte too much in all of them",
			[
				sentAs(png("a.png", attachmentBytesMax)),
				sentAs(png("b.png", attachmentsBytesMax - attachmentBytesMax + 1)),
			],
			[{ path: "attachments", message: "must be at most 3145728 bytes together when decoded" }],
		],
		[
			"a name that is too long",
			[{ ...text("x"), name: "n".repeat(attachmentNameCharsMax + 1) }],
			[{ path: "attachments.0.name", message: "must be at most 200 characters" }],
		],
		["no name", [{ ...text("x"), name: "" }], [{ path: "attachments.0.name", message: "must not be empty" }]],
		[
			"a blank name",
			[{ ...text("x"), name: "  " }],
			[{ path: "attachments.0.name", message: "must not be empty" }],
		],
		["a path for a name", [{ ...text("x"), name: "../a.txt" }], [nameFault]],
		["a path of another system", [{ ...text("x"), name: "C:\\a.txt" }], [nameFault]],
		["a name of two lines", [{ ...text("x"), name: "a\nb" }], [nameFault]],
		["a name of two lines in Unicode", [{ ...text("x"), name: "a\u2028b" }], [nameFault]],
		["a name with half a character in it", [{ ...text("x"), name: "a\uD800" }], [nameFault]],
		[
			"a type that is not taken",
			[{ ...text("<svg/>"), media_type: "image/svg+xml" }],
			[
				{
					path: "attachments.0.media_type",
					message:
						"must be one of image/png, image/jpeg, image/gif, image/webp, application/pdf, text/plain, text/markdown, text/csv, application/json",
				},
			],
		],
		[
			"no data",
			[{ name: "a", media_type: "text/plain" }],
			[{ path: "attachments.0.data", message: "is required" }],
		],
		["empty data", [{ ...text(""), data: "" }], [dataFault("must not be empty")]],
		["data without padding", [{ ...text("x"), data: "QQ" }], [base64Fault]],
		["data in lines", [{ ...text("x"), data: "QUJD\nQUJD" }], [base64Fault]],
		["data in base64url", [{ ...text("x"), data: "-_8=" }], [base64Fault]],
		["a data URL", [{ ...text("x"), data: "data:text/plain;base64,QUJD" }], [base64Fault]],
		[
			"an unknown key",
			[{ ...text("x"), nmae: "x" }],
			[{ path: "attachments.0.nmae", message: "unknown key; did you mean `name`?" }],
		],
		[
			"text that is no UTF-8",
			[{ ...text("x"), data: "/w==" }],
			[dataFault("is not text/plain: it is no UTF-8 text")],
		],
		...["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"].map(
			(type): [string, unknown, readonly { path: string; message: string }[]] => [
				`text that calls itself ${type}`,
				[text("hello", type)],
				[dataFault(`is not ${type}: it begins otherwise`)],
			],
		),
		[
			"a PNG that calls itself a JPEG, the second of two",
			[text("x"), ofType("image/jpeg", pngStart)],
			[dataFault("is not image/jpeg: it begins otherwise", 1)],
		],
		[
			"another RIFF than WebP",
			[ofType("image/webp", "RIFF....WAVE")],
			[dataFault("is not image/webp: it begins otherwise")],
		],
		[
			"several faults at once",
			[
				{ ...text("x"), data: "?" },
				{ ...text("x"), name: "a/b" },
			],
			[base64Fault, { ...nameFault, path: "attachments.1.name" }],
		],
	])("%s", async (_, attachments, errors) => {
		expect(await asked(attachments)).toEqual(badInput(...errors));
	});

	test("a turn is told the same", async () => {
		const api = makeApi(seeing());
		await send(api, "/v1/sessions", { body: asking([]) });
		const body = { message: "And this?", attachments: [text("hello", "image/png")] };
		expect(await send(api, "/v1/sessions/s1/turns", { body })).toEqual(
			badInput(dataFault("is not image/png: it begins otherwise")),
		);
	});
});

const [picture, document, words] = [png("p.png"), pdf(), csv()];
function pdf(): NewFile {
	return { name: "d.pdf", media_type: "application/pdf", base64: base64Of("%PDF-1.7", 20) };
}
function csv(): NewFile {
	return { name: "t.csv", media_type: "text/csv", base64: Buffer.from("a,b").toString("base64") };
}

describe("a team must be able to look at what is sent", () => {
	const faults = (...rows: readonly [at: number, who: string, what: string][]) =>
		badInput(
			...rows.map(([at, who, what]) => ({
				path: `attachments.${at}`,
				message: `${who} takes no ${what}; leave it out or use another model`,
			})),
		);
	const b = "`b` (anthropic m)";
	test.each<[string, Partial<Abilities>, readonly NewFile[], object | "taken"]>([
		["no images", { files: true }, [words, picture], faults([1, b, "images"])],
		["no documents", { images: true }, [document], faults([0, b, "files"])],
		["neither", {}, [picture, document], faults([0, b, "images"], [1, b, "files"])],
		["images, as its model may have it", { images: "model" }, [picture], "taken"],
		["what nobody has looked up", { images: "unknown" }, [picture], "taken"],
		["both", { images: true, files: true }, [picture, document], "taken"],
		["text, which every model of a host takes", {}, [words], "taken"],
	])("an agent whose backend takes %s", async (_, abilities, files, expected) => {
		const body = asking(files.map(sentAs), agent("a", "openai"), agent("b", "anthropic"));
		const got = await send(makeApi(seeing(abilities)), "/v1/sessions", { body });
		expect(got.status === 202 ? "taken" : got).toEqual(expected);
	});

	test("the demo reads the question alone, so it refuses text as well", async () => {
		const body = { question: "2+2?", team: "demo", attachments: [sentAs(words), sentAs(picture)] };
		expect(await send(makeApi(seeing()), "/v1/sessions", { body })).toEqual(
			faults([0, "`one` (demo demo)", "text"], [1, "`one` (demo demo)", "images"]),
		);
	});

	test("the judge looks at it too", async () => {
		const protocol = { judge: { backend: "anthropic", model: "j" } };
		const body = { ...asking([sentAs(picture)]), team: { agents: [agent("a", "openai")], protocol } };
		expect(await send(makeApi(seeing()), "/v1/sessions", { body })).toEqual(
			faults([0, "the judge (anthropic j)", "images"]),
		);
	});

	test("a turn asks it of the session's own team", async () => {
		const api = makeApi(seeing());
		await send(api, "/v1/sessions", { body: asking([], agent("b", "anthropic")) });
		const body = { message: "And this?", attachments: [sentAs(picture)] };
		expect(await send(api, "/v1/sessions/s1/turns", { body })).toEqual(faults([0, b, "images"]));
		expect(api.sessions.opened().map(({ messages }) => messages)).toEqual([[]]);
	});
});

test("a session gets what was sent, with its question and with a later message", async () => {
	const api = makeApi(seeing());
	await send(api, "/v1/sessions", { body: asking([sentAs(picture), sentAs(words)]) });
	await send(api, "/v1/sessions/s1/turns", { body: { message: "And this?", attachments: [sentAs(document)] } });
	const [session] = api.sessions.opened();
	expect([session?.attachments, session?.messages]).toEqual([[picture, words, document], ["And this?"]]);
});

test("an Idempotency-Key covers what was sent", async () => {
	const api = makeApi(seeing());
	const statusOf = async (file: NewFile) => {
		const headers = { "idempotency-key": "k" };
		return (await send(api, "/v1/sessions", { body: asking([sentAs(file)]), headers })).status;
	};
	const another = { ...picture, base64: base64Of(`${pngStart}!`, 12) };
	expect([await statusOf(picture), await statusOf(picture), await statusOf(another)]).toEqual([202, 202, 422]);
	expect(api.sessions.opened().map(({ attachments }) => attachments)).toEqual([[picture]]);
});

describe("GET /v1/sessions/{id}/files/{file}", () => {
	async function holding(...files: readonly NewFile[]): Promise<Api> {
		const api = makeApi(seeing());
		await send(api, "/v1/sessions", { body: asking(files.map(sentAs)) });
		return api;
	}
	const named = (file: NewFile, name: string): NewFile => ({ ...file, name });

	test.each<[string, NewFile, string]>([
		["a picture is shown", picture, "inline; filename*=UTF-8''p.png"],
		["a PDF is shown", document, "inline; filename*=UTF-8''d.pdf"],
		["text is saved", words, "attachment; filename*=UTF-8''t.csv"],
		[
			"a name in any script, with quotes in it",
			named(words, `Ü "x" 'y' (z)*.csv`),
			"attachment; filename*=UTF-8''%C3%9C%20%22x%22%20%27y%27%20%28z%29%2A.csv",
		],
	])("%s, as what it is and nothing else", async (_, file, disposition) => {
		const response = await sendRaw(await holding(file), "/v1/sessions/s1/files/f1");
		const { headers } = response;
		const names = ["content-type", "content-disposition", "x-content-type-options", "cache-control"];
		expect([response.status, ...names.map((name) => headers.get(name))]).toEqual([
			200,
			file.media_type,
			disposition,
			"nosniff",
			"no-store",
		]);
		expect(Buffer.from(await response.arrayBuffer()).toString("base64")).toBe(file.base64);
	});

	test.each<[string, string, string]>([
		["a session that is not there", "s2/files/f1", "There is no session `s2`."],
		["a file that is not there", "s1/files/f2", "There is no file `f2` in this session."],
		["the zeroth file", "s1/files/f0", "There is no file `f0` in this session."],
		["no file's name", "s1/files/files", "There is no file `files` in this session."],
	])("%s: 404", async (_, path, detail) => {
		expect(await send(await holding(picture), `/v1/sessions/${path}`)).toEqual(refusedWith(404, detail));
	});

	test("needs the key like everything else", async () => {
		const headers = { authorization: "" };
		expect((await send(await holding(picture), "/v1/sessions/s1/files/f1", { headers })).status).toBe(401);
	});
});

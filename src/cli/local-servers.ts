/** A model server on this machine that speaks the OpenAI-compatible protocol. */
export type LocalServer = { readonly backend: string; readonly models: readonly string[] };

/** Where each of them listens unless it is told otherwise. */
const usualPlaces = {
	lmstudio: "http://127.0.0.1:1234/v1",
	ollama: "http://127.0.0.1:11434/v1",
	vllm: "http://127.0.0.1:8000/v1",
	sglang: "http://127.0.0.1:30000/v1",
	llamacpp: "http://127.0.0.1:8080/v1",
} as const;

const patienceMs = 400;
const modelsMax = 50;

/** The servers that answer now, at the usual places or where the settings say. Whatever else listens there is passed over. */
export async function findLocalServers(settings: Readonly<Record<string, string>>): Promise<readonly LocalServer[]> {
	const asked = Object.entries(usualPlaces).map(async ([backend, place]) => {
		const base = settings[`${backend.toUpperCase()}_BASE_URL`] ?? place;
		return { backend, models: await modelsAt(base.replace(/\/+$/, "")) };
	});
	return (await Promise.all(asked)).filter(({ models }) => models.length > 0);
}

async function modelsAt(base: string): Promise<readonly string[]> {
	try {
		const response = await fetch(`${base}/models`, { signal: AbortSignal.timeout(patienceMs), redirect: "error" });
		return response.ok ? modelIds(await response.json()) : [];
	} catch {
		// Nothing listens there, or something that is no model server: both mean that there is none.
		return [];
	}
}

function modelIds(answer: unknown): readonly string[] {
	const listed: unknown = typeof answer === "object" && answer !== null && "data" in answer ? answer.data : null;
	if (!Array.isArray(listed)) return [];
	return listed
		.slice(0, modelsMax)
		.flatMap((model: unknown) =>
			typeof model === "object" && model !== null && "id" in model && typeof model.id === "string"
				? [model.id]
				: [],
		);
}

/** How a person is told of them; null when there is nothing to tell. */
export function offerOf(servers: readonly LocalServer[]): string | null {
	if (servers.length === 0) return null;
	const list = servers.map(({ backend, models }) => `${backend} (${models.slice(0, 3).join(", ")})`).join("; ");
	return `A local model server answers: ${list}. Ask it with --team local.`;
}

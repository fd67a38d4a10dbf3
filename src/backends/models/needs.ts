import { abilitiesOf, hostAbilities } from "./abilities-of.ts";
import type { AbilityName } from "./abilities.ts";
import { hosts, hostNamed, type BackendSpec, type SpecProblem } from "../hosts.ts";

/**
 * Why this model cannot be used for what is wanted of it: the first of `needs` that it is known to lack, and what would
 * do instead. Null where it has them all, or where only its provider can tell.
 */
export function needProblem({ backend, model }: BackendSpec, needs: readonly AbilityName[]): SpecProblem | null {
	const abilities = abilitiesOf(backend, model);
	const lacked = needs.find((need) => abilities[need] === false);
	if (lacked === undefined) return null;
	const message = `${lacks[lacked](model, backend)}${reasonOf(backend, model, lacked)}; ${insteadOf(backend, lacked)}`;
	return { path: "model", message };
}

type Sentence = (model: string, backend: string) => string;

const lacks: Readonly<Record<AbilityName, Sentence>> = {
	tools: (model, backend) => `${model} at ${backend} takes no tools, and an agent answers and votes with them`,
	reasoning: (model, backend) => `${model} at ${backend} does not reason`,
	images: (model, backend) => `${model} at ${backend} takes no images`,
	files: (model, backend) => `${model} at ${backend} takes no files`,
	image_output: (model, backend) => `${model} at ${backend} cannot be asked for images`,
	web_search: notOnOffer("web_search"),
	code_execution: notOnOffer("code_execution"),
	web_fetch: notOnOffer("web_fetch"),
	structured_output: (model, backend) => `${model} at ${backend} keeps to no JSON Schema beside tools`,
	resume: (model, backend) => `a call of ${model} at ${backend} cannot be resumed`,
};

function notOnOffer(tool: AbilityName): Sentence {
	return (model, backend) =>
		hostAbilities(backend)[tool] === false
			? `${tool} is not on offer at ${backend}`
			: `${tool} is not on offer for ${model} at ${backend}`;
}

type Reason = {
	readonly backend: string;
	readonly models: RegExp;
	readonly needs: readonly AbilityName[];
	readonly why: string;
};

const reasons: readonly Reason[] = [
	{
		backend: "gemini",
		models: /^gemini-[12]\./,
		needs: ["web_search", "code_execution", "web_fetch", "structured_output"],
		why: "before Gemini 3 it cannot stand beside the team's own tools",
	},
	{
		backend: "groq",
		models: /^/,
		needs: ["structured_output"],
		why: "Groq takes a schema neither with tools nor for a streamed answer",
	},
];

function reasonOf(backend: string, model: string, need: AbilityName): string {
	const reason = reasons.find((row) => row.backend === backend && row.models.test(model) && row.needs.includes(need));
	return reason === undefined ? "" : `: ${reason.why}`;
}

/** The host's own default model before that of another host. */
function insteadOf(backend: string, need: AbilityName): string {
	const model = hostNamed(backend)?.defaultModel;
	if (model !== undefined && has(backend, model, need)) return `use ${model}, for instance`;
	const others = Object.entries(hosts).flatMap(([name, { defaultModel }]) =>
		has(name, defaultModel, need) ? [`${name} (${defaultModel})`] : [],
	);
	return others.length === 0
		? "no backend can do this"
		: `use ${others.slice(0, othersMax).join(", ")}, for instance`;
}

const othersMax = 4;

function has(backend: string, model: string, need: AbilityName): boolean {
	return abilitiesOf(backend, model)[need] === true;
}

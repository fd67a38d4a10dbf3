import { isJsonObject } from "../../std/json.ts";
import type { BackendSpec, Host, SpecProblem } from "../hosts.ts";
import { traitsOf } from "./models.ts";

/** A param that this very model is known to answer with an error; null for all that only its provider can judge. */
export function modelParamsProblem(host: Host, { backend, model, params }: BackendSpec): SpecProblem | null {
	const traits = traitsOf(backend, model);
	const at = `${model} at ${backend}`;
	const isFixed = host.quirks.fixedTemperature?.test(model) === true || traits?.has("fixed_temperature") === true;
	if ("temperature" in params && isFixed)
		return { path: "params.temperature", message: `${at} takes no temperature; leave it out${effortOf(host)}` };
	const effort = host.quirks.effortRefused;
	if (effort !== null && effort in params && traits?.has("reasoning") === false)
		return { path: `params.${effort}`, message: `${at} does not reason and takes no ${effort}; leave it out` };
	return traits === null ? null : thinkingProblem(at, traits, params["thinking"]);
}

function effortOf({ wire }: Host): string {
	const param = effortParams[wire];
	return param === undefined ? "" : ` (\`${param}\` sets its effort)`;
}

const effortParams: Readonly<Partial<Record<Host["wire"], string>>> = {
	"openai-responses": "reasoning",
	"anthropic-messages": "output_config",
};

/** https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking: each Claude takes some of these kinds. */
const refusals = [
	["enabled", "adaptive_only", 'has no thinking budget; use {"type": "adaptive"} with `output_config.effort`'],
	["adaptive", "budget_only", 'thinks by a budget only; use {"type": "enabled", "budget_tokens": 1024} or more'],
	["disabled", "always_thinking", "always thinks; leave `thinking` out and lower `output_config.effort`"],
] as const;

function thinkingProblem(at: string, traits: ReadonlySet<string>, thinking: unknown): SpecProblem | null {
	if (!isJsonObject(thinking)) return null;
	const refusal = refusals.find(([type, trait]) => thinking["type"] === type && traits.has(trait));
	return refusal === undefined ? null : { path: "params.thinking", message: `${at} ${refusal[2]}` };
}

import { isJsonObject, type Json, type JsonObject } from "../../../src/std/json.ts";
import { blocksFault } from "./block-rules.ts";
import { faultReply, listOf } from "./methods-chat.ts";
import { slackLimits as limits } from "./slack-limits.ts";
import { refused, textArg, type Method, type SlackState } from "./slack-state.ts";

export const openView: Method = (call, state) => {
	const fault = viewFault(call.args["view"], "modal") ?? triggerFault(textArg(call.args, "trigger_id"), state);
	return fault ?? { view: keptView(call.args["view"] as JsonObject, state, state.newId("V")) };
};

export const updateView: Method = (call, state) => {
	const id = textArg(call.args, "view_id");
	const old = state.views.get(id);
	if (old === undefined) return refused("not_found");
	const hash = textArg(call.args, "hash");
	if (hash !== "" && hash !== old["hash"]) return refused("hash_conflict");
	return viewFault(call.args["view"], "modal") ?? { view: keptView(call.args["view"] as JsonObject, state, id) };
};

export const publishView: Method = (call, state) => {
	const user = textArg(call.args, "user_id");
	if (!state.teams.get(call.token.team)?.users.includes(user)) return refused("user_not_found");
	const fault = viewFault(call.args["view"], "home");
	return fault ?? { view: keptView(call.args["view"] as JsonObject, state, `home:${user}`) };
};

function keptView(view: JsonObject, state: SlackState, id: string): JsonObject {
	const kept = { ...view, id, hash: state.newId("hash-") };
	state.views.set(id, kept);
	return kept;
}

function triggerFault(id: string, state: SlackState): JsonObject | null {
	const trigger = state.triggers.get(id);
	if (trigger === undefined) return refused("invalid_trigger_id");
	if (trigger.used) return refused("exchanged_trigger_id");
	if (state.clock.now() > trigger.untilMs) return refused("expired_trigger_id");
	trigger.used = true;
	return null;
}

function viewFault(view: Json | undefined, surface: "modal" | "home"): JsonObject | null {
	if (!isJsonObject(view) || view["type"] !== surface) return invalid(`must be a ${surface}`);
	const long = Object.entries(charsMax).find(([name, max]) => textArg(view, name).length > max);
	if (long !== undefined) return invalid(`${long[0]} is too long`);
	const fault = blocksFault(view["blocks"], surface);
	if (fault !== null) return faultReply({ ...fault, error: "invalid_arguments" });
	return surface === "modal" ? modalFault(view) : null;
}

const charsMax = { private_metadata: limits.privateMetadataCharsMax, callback_id: limits.callbackIdCharsMax };

function modalFault(view: JsonObject): JsonObject | null {
	const title = isJsonObject(view["title"]) ? textArg(view["title"], "text") : "";
	if (title === "" || title.length > limits.viewTitleCharsMax)
		return invalid(`title must be 1 to ${limits.viewTitleCharsMax} characters`);
	const isAsking = listOf(view["blocks"]).some((block) => isJsonObject(block) && block["type"] === "input");
	return isAsking && view["submit"] === undefined ? invalid("submit is required") : null;
}

function invalid(problem: string): JsonObject {
	return faultReply({ error: "invalid_arguments", messages: [`[ERROR] ${problem} [json-pointer:/view]`] });
}

import { InstallationObject } from "../../durable-objects/installation.ts";
import { sleep } from "../backends/sleep.ts";
import type { Env } from "../env.ts";
import { botsOf, crashed, runtime } from "./parts.ts";

/** An installation on a chat platform with this deployment's bots. */
export class Installation extends InstallationObject {
	constructor(state: DurableObjectState, env: Env) {
		super(state, env, { runtime, crashed, sleep, deliver: botsOf(env).work });
	}
}

import type { Env } from "../../../src/env.ts";
import { Tenant as PlainTenant } from "../../../src/worker.ts";
import { meter } from "./meter.ts";

/** The tenant's object, metered. */
export class Tenant extends PlainTenant {
	constructor(state: DurableObjectState, env: Env) {
		super(state, env);
		meter.attach(state.storage, "tenant");
	}
}

import worker, { Session as PlainSession } from "../../../src/worker.ts";
import type { Env } from "../../../src/env.ts";
import { meter } from "./meter.ts";
import { meterPath } from "./metered.ts";

export { Tenant } from "./counting-tenant.ts";

/** The Worker itself, with a meter at what Cloudflare bills. */
export class Session extends PlainSession {
	constructor(state: DurableObjectState, env: Env) {
		super(state, meter.asked(env));
		meter.attach(state.storage, "session");
	}

	override async alarm(): Promise<void> {
		meter.objectRequest();
		await super.alarm();
	}
}

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		if (new URL(request.url).pathname === meterPath) return Response.json(meter.taken());
		meter.workerRequest();
		return worker.fetch(request as Parameters<typeof worker.fetch>[0], meter.asked(env));
	},
};

import { deliverWebhook } from "../../durable-objects/outbox/deliver-webhook.ts";
import { SessionObject } from "../../durable-objects/session.ts";
import type { SessionParts } from "../../durable-objects/wiring.ts";
import { priceOf, savedOf } from "../backends/prices.ts";
import { whereReady } from "../backends/ready.ts";
import { sleep } from "../backends/sleep.ts";
import { keyringOf, tenantOf, type Env } from "../env.ts";
import { backendsOf, botsOf, crashed, runtime } from "./parts.ts";

/** A session with this deployment's backends, prices and deliverers. */
export class Session extends SessionObject {
	constructor(state: DurableObjectState, env: Env) {
		const backends = whereReady(backendsOf(env, (work) => state.waitUntil(work)));
		const tenant = () => tenantOf(env);
		const deliver = { webhook: deliverWebhook({ tenant, fetch, now: runtime.now }), ...botsOf(env).deliver };
		const tables = { priceOf: priceNow, savedOf: savedNow };
		const { knows: knowKeys } = keyringOf(env);
		super(state, env, { ...backends, ...tables, runtime, crashed, tenant, deliver, sleep, knowKeys });
	}
}

const priceNow: SessionParts["priceOf"] = (spec, usage) => priceOf(spec, usage, runtime.now());
const savedNow: SessionParts["savedOf"] = (spec, usage) => savedOf(spec, usage, runtime.now());

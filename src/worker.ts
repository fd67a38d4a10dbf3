import { appOf, botsOf } from "./composed/parts.ts";
import type { Env } from "./env.ts";

export { Installation } from "./composed/installation.ts";
export { Session } from "./composed/session.ts";
export { Tenant } from "../durable-objects/tenant.ts";

let app: ReturnType<typeof appOf> | null = null;

/** What the platform calls. Nothing imports this file. */
export default {
	fetch(request, env) {
		app ??= appOf(env, (hono) => {
			const bots = botsOf(env);
			hono.use((context, next) => bots.fetch(context.req.raw) ?? next());
		});
		return app.fetch(request, env);
	},
} satisfies ExportedHandler<Env>;

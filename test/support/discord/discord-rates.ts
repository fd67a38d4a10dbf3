import { slidingRates, type Budget } from "../chat/rates.ts";
import type { Reply } from "../chat/loopback.ts";
import { discordRateLimited } from "./discord-errors.ts";
import type { Routed, RouteName } from "./discord-wire.ts";

export type Budgets = {
	/** By the route; else `usual`. */
	readonly routes?: Readonly<Partial<Record<RouteName, Budget>>>;
	/** Of the bot, over all routes; an interaction's own are free of it. */
	readonly global?: Budget;
};

const usual: Budget = { max: 5, windowMs: 5000 };
const everything: Budget = { max: 50, windowMs: 1000 };

export type Admitted = { readonly refusal: Reply | null; readonly headers: Readonly<Record<string, string>> };

/** Each route has a bucket for each channel, and each interaction its own. */
export function buckets(
	{ routes = {}, global = everything }: Budgets,
	now: () => number,
): (routed: Routed) => Admitted {
	const rates = slidingRates(now);
	return ({ name, row, params }) => {
		const budget = routes[name] ?? usual;
		const key = `${name} ${row.auth === "token" ? params.slice(0, 2).join(" ") : (params[0] ?? "")}`;
		const globalMs = row.auth === "bot" ? rates.take("global", global) : null;
		if (globalMs !== null) return { refusal: discordRateLimited(globalMs / 1000, "global"), headers: {} };
		const waitMs = rates.take(key, budget);
		const resetInMs = rates.resetInMs(key, budget);
		const headers = {
			"x-ratelimit-limit": String(budget.max),
			"x-ratelimit-remaining": String(rates.left(key, budget)),
			"x-ratelimit-reset": String((now() + resetInMs) / 1000),
			"x-ratelimit-reset-after": String(resetInMs / 1000),
			"x-ratelimit-bucket": `bucket-${name}`,
		};
		return { refusal: waitMs === null ? null : discordRateLimited(waitMs / 1000), headers };
	};
}

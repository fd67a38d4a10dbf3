import type { Admission, InstallationRpc } from "../durable-objects/installation/rpc.ts";
import type { BotDeps } from "./chat.ts";

/** What an installation may spend, where a deployment says nothing else. */
export const defaultLimits = { atOnceMax: 5, perUserDayMax: 20, usdPerDayMax: 10 };

/** Whether this person may start this run here; asked again for the same run it is the same answer. */
export function admitted(
	deps: Pick<BotDeps, "settings">,
	installation: Pick<InstallationRpc, "admit">,
	run: { readonly run: string; readonly user: string },
): Promise<Admission> {
	return installation.admit({ ...run, ...limitsOf(deps.settings) });
}

/** The limits as set; what is no number of at least 0 counts as not set. */
export function limitsOf(settings: BotDeps["settings"]): typeof defaultLimits {
	return {
		atOnceMax: numberOf(settings["CHAT_RUNS_AT_ONCE"]) ?? defaultLimits.atOnceMax,
		perUserDayMax: numberOf(settings["CHAT_RUNS_PER_USER_PER_DAY"]) ?? defaultLimits.perUserDayMax,
		usdPerDayMax: numberOf(settings["CHAT_USD_PER_DAY"]) ?? defaultLimits.usdPerDayMax,
	};
}

function numberOf(text: string | undefined): number | null {
	const number = Number(text);
	return text !== undefined && Number.isFinite(number) && number >= 0 ? number : null;
}

/** What a person is told in private; `time` writes a moment as their platform shows moments. */
export function refusalWords(refused: Exclude<Admission, { ok: true }>, time: (ms: number) => string): string {
	const again = refused.resetsAtMs === null ? "" : ` You can ask again ${time(refused.resetsAtMs)}.`;
	return `${words[refused.limit]}${again}`;
}

const words = {
	runs_at_once: "The team is answering as many questions here as it may at once. Please ask again when one is done.",
	user_runs_per_day: "You have asked as many questions as one person may in a day here.",
	usd_per_day: "The team has spent what it may spend here in a day.",
} as const satisfies Record<Exclude<Admission, { ok: true }>["limit"], string>;

/** Whether a name stands in a setting of names separated by commas; where it is not set everyone does. */
export function isAllowed(setting: string | undefined, name: string): boolean {
	return setting === undefined || namesIn(setting).includes(name);
}

/** The names in a setting, separated by commas or spaces. */
export function namesIn(setting: string | undefined): readonly string[] {
	return (setting ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

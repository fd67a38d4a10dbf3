import type { Client } from "../../api/client.ts";

export type Setup = Awaited<ReturnType<Client["setup"]>>;
export type SetupCheck = Setup["checks"][number];
export type PlatformName = "slack" | "discord";

/** How far a chat platform is: every check of it says so, none does, or some. */
export type Connection = "unknown" | "none" | "part" | "ready";

const platforms: readonly PlatformName[] = ["slack", "discord"];

/** The checks of one chat platform, named without it. */
export function checksOfPlatform(checks: readonly SetupCheck[], platform: PlatformName): readonly SetupCheck[] {
	return checks.flatMap((check) => (isOf(platform, check) ? [{ ...check, name: nameIn(platform, check) }] : []));
}

/** What the deployment itself lacks; of providers' keys the page has a card. */
export function checksOfDeployment(checks: readonly SetupCheck[]): readonly SetupCheck[] {
	return checks.filter(
		(check) => !check.ok && check.name !== "providers" && !platforms.some((platform) => isOf(platform, check)),
	);
}

/** What its checks say of a platform together. */
export function connectionOf(checks: readonly SetupCheck[] | null): Connection {
	if (checks === null) return "unknown";
	if (checks.every(({ ok }) => !ok)) return "none";
	return checks.every(({ ok }) => ok) ? "ready" : "part";
}

function isOf(platform: PlatformName, { name }: SetupCheck): boolean {
	return new RegExp(`^${platform}\\b`, "i").test(name);
}

function nameIn(platform: PlatformName, { name }: SetupCheck): string {
	return name.slice(platform.length).replace(/^[\s:.,/-]+/, "") || name;
}

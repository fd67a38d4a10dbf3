import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

export type Settings = Readonly<Record<string, string>>;

const known =
	/^(ADMIN_KEY|PUBLIC_URL|[A-Z0-9_]+_API_KEY|[A-Z0-9_]+_BASE_URL|SLACK_[A-Z_]+|DISCORD_[A-Z_]+|SANDBOX_[A-Z_]+)$/;

/** What the Worker is told: `.dev.vars` of the checkout, and over it the environment. */
export function readSettings(root: string, environment: Readonly<Record<string, string | undefined>>): Settings {
	const file = join(root, ".dev.vars");
	const given = { ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}), ...environment };
	const named = Object.entries(given).flatMap(([name, value]) =>
		known.test(name) && value !== undefined && value !== "" ? [[name, value]] : [],
	);
	return Object.fromEntries(named);
}

/** The key of this state folder: made at the first start, readable by its owner alone, the same ever after. */
export function keyOf(stateDir: string): string {
	mkdirSync(stateDir, { recursive: true });
	const file = join(stateDir, "key");
	if (existsSync(file)) return readFileSync(file, "utf8").trim();
	const key = `mg_${randomBytes(32).toString("base64url")}`;
	writeFileSync(file, `${key}\n`, { mode: 0o600 });
	return key;
}

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

export type Settings = Readonly<Record<string, string>>;

const known =
	/^(ADMIN_KEY|VAULT_KEY|PUBLIC_URL|[A-Z0-9_]+_API_KEY|[A-Z0-9_]+_BASE_URL|CHAT_[A-Z_]+|SLACK_[A-Z_]+|DISCORD_[A-Z_]+|SANDBOX_[A-Z_]+)$/;

/** What the Worker is told: `.dev.vars` of the checkout, and over it the environment. */
export function readSettings(root: string, environment: Readonly<Record<string, string | undefined>>): Settings {
	const file = join(root, ".dev.vars");
	const given = { ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}), ...environment };
	const named = Object.entries(given).flatMap(([name, value]) =>
		known.test(name) && value !== undefined && value !== "" ? [[name, value]] : [],
	);
	return Object.fromEntries(named);
}

/** What no server could serve with, in one line; null if there is nothing. */
export function faultIn(settings: Settings): string | null {
	const key = settings["ADMIN_KEY"];
	return key === undefined || isKey(key) ? null : `ADMIN_KEY ${keyRule}.`;
}

const keyRule = "must be printable ASCII without spaces";

/** It stands in a header and in the address of the page. */
function isKey(text: string): boolean {
	return /^[\x21-\x7e]+$/.test(text);
}

/** The key of this state folder: made at the first start, readable by its owner alone, the same ever after. */
export function keyOf(stateDir: string): string {
	mkdirSync(stateDir, { recursive: true });
	const file = join(stateDir, "key");
	const found = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
	if (found === "") return madeKey(file);
	if (!isKey(found)) throw new Error(`The key in ${file} ${keyRule}.`);
	return found;
}

/** Renamed into place, so that a start that is killed leaves either no key or a whole one. */
function madeKey(file: string): string {
	const key = `mg_${randomBytes(32).toString("base64url")}`;
	const unfinished = `${file}.${process.pid}`;
	writeFileSync(unfinished, `${key}\n`, { mode: 0o600 });
	renameSync(unfinished, file);
	return key;
}

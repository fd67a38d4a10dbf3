import { resolve } from "node:path";
import type { Egress, SandboxLimits } from "../sandbox.ts";

/** What whoever runs the host has decided. */
export type RunnerSettings = {
	readonly host: string;
	/** 0: any free port. */
	readonly port: number;
	readonly token: string;
	readonly stateDir: string;
	readonly sandboxesMax: number;
	/** No sandbox may ask for more. */
	readonly limitsMax: SandboxLimits;
	/** No sandbox may ask for more. An address in a private network is reached only where its origin stands here itself. */
	readonly egress: Egress;
	/** Where the runner is root: the first of `sandboxesMax` users that sandboxes run as. */
	readonly firstUid: number | null;
};

const mebibyte = 1_048_576;
const tokenCharsMin = 24;

const numbers = {
	PORT: { otherwise: 8790, min: 0, max: 65_535 },
	SANDBOX_MAX: { otherwise: 16, min: 1, max: 256 },
	SANDBOX_MEMORY_MB: { otherwise: 1024, min: 16, max: 1_048_576 },
	SANDBOX_DISK_MB: { otherwise: 2048, min: 1, max: 1_048_576 },
	/** 100 is one core. */
	SANDBOX_CPU_PERCENT: { otherwise: 200, min: 10, max: 6400 },
	/** 0: the runner's own user. */
	SANDBOX_FIRST_UID: { otherwise: 0, min: 0, max: 4_000_000_000 },
} as const;
type NumberName = keyof typeof numbers;

/** Read from the environment; a fault says which variable and what it has to be. */
export function readRunnerSettings(env: NodeJS.ProcessEnv): RunnerSettings | { readonly fault: string } {
	const wrong = (Object.keys(numbers) as NumberName[]).find((name) => !isWhole(env, name));
	if (wrong !== undefined)
		return { fault: `${wrong} must be a whole number from ${numbers[wrong].min} to ${numbers[wrong].max}.` };
	const token = env["SANDBOX_TOKEN"]?.trim() ?? "";
	const host = env["SANDBOX_HOST"]?.trim() || "127.0.0.1";
	const weak = tokenFault(token, host);
	if (weak !== null) return { fault: weak };
	const egress = egressOf(env["SANDBOX_EGRESS"] ?? "");
	if (egress === null) return { fault: "SANDBOX_EGRESS must be origins like https://pypi.org, with commas, or *." };
	const firstUid = numberOf(env, "SANDBOX_FIRST_UID");
	return {
		host,
		port: numberOf(env, "PORT"),
		token,
		stateDir: resolve(env["SANDBOX_STATE"] || ".massgen-sandbox"),
		sandboxesMax: numberOf(env, "SANDBOX_MAX"),
		limitsMax: limitsOf(env),
		egress,
		firstUid: firstUid === 0 ? null : firstUid,
	};
}

function limitsOf(env: NodeJS.ProcessEnv): SandboxLimits {
	const diskBytesMax = numberOf(env, "SANDBOX_DISK_MB") * mebibyte;
	return {
		idleMs: 86_400_000,
		memoryBytesMax: numberOf(env, "SANDBOX_MEMORY_MB") * mebibyte,
		processesMax: 1024,
		cpuPercentMax: numberOf(env, "SANDBOX_CPU_PERCENT"),
		diskBytesMax,
		fileBytesMax: diskBytesMax,
		egressBytesMax: diskBytesMax,
	};
}

function numberOf(env: NodeJS.ProcessEnv, name: NumberName): number {
	const text = env[name]?.trim() ?? "";
	return text === "" ? numbers[name].otherwise : Number(text);
}

function isWhole(env: NodeJS.ProcessEnv, name: NumberName): boolean {
	const value = numberOf(env, name);
	return Number.isInteger(value) && value >= numbers[name].min && value <= numbers[name].max;
}

/** Whoever has the token runs code here, so one that can be guessed, or none where others can reach us, is refused. */
function tokenFault(token: string, host: string): string | null {
	const make = "Make one with: openssl rand -hex 32";
	if (token === "" && !isLoopback(host))
		return `SANDBOX_TOKEN must be set where others than this machine can reach the runner (SANDBOX_HOST=${host}). ${make}`;
	if (token !== "" && token.length < tokenCharsMin)
		return `SANDBOX_TOKEN must have at least ${tokenCharsMin} characters. ${make}`;
	return null;
}

function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function egressOf(text: string): Egress | null {
	const origins = text
		.split(",")
		.map((origin) => origin.trim())
		.filter((origin) => origin !== "");
	if (origins.includes("*")) return "all";
	const parsed = origins.map(originOf);
	return parsed.includes(null) ? null : parsed.filter((origin) => origin !== null);
}

/** As the list has it: scheme, host and port, nothing else; null where it is none. */
function originOf(text: string): string | null {
	if (!URL.canParse(text)) return null;
	const { protocol, origin, pathname, username, password, search, hash } = new URL(text);
	const bare = pathname === "/" && `${username}${password}${search}${hash}` === "";
	return bare && (protocol === "http:" || protocol === "https:") ? origin : null;
}

import type { InstallationRpc } from "../durable-objects/installation/rpc.ts";
import type { TenantRpc } from "../durable-objects/rpc.ts";
import { makeKeyring, type Keyring } from "./backends/keyring.ts";
import type { AiBinding } from "./backends/workers-ai.ts";
import { makeSeal } from "./std/seal.ts";

/** What a deployment can be told. Every `*_URL` defaults to the real service. */
export const settingNames = [
	"ADMIN_KEY",
	"VAULT_KEY",
	"PUBLIC_URL",
	"OPENAI_API_KEY",
	"OPENAI_BASE_URL",
	"ANTHROPIC_API_KEY",
	"ANTHROPIC_BASE_URL",
	"GEMINI_API_KEY",
	"GOOGLE_API_KEY",
	"GEMINI_BASE_URL",
	"XAI_API_KEY",
	"XAI_BASE_URL",
	"ZAI_API_KEY",
	"ZAI_BASE_URL",
	"CEREBRAS_API_KEY",
	"CEREBRAS_BASE_URL",
	"FIREWORKS_API_KEY",
	"FIREWORKS_BASE_URL",
	"GROQ_API_KEY",
	"GROQ_BASE_URL",
	"OPENROUTER_API_KEY",
	"OPENROUTER_BASE_URL",
	"TOGETHER_API_KEY",
	"TOGETHER_BASE_URL",
	"DEEPSEEK_API_KEY",
	"DEEPSEEK_BASE_URL",
	"MOONSHOT_API_KEY",
	"MOONSHOT_BASE_URL",
	"MISTRAL_API_KEY",
	"MISTRAL_BASE_URL",
	"AZURE_OPENAI_API_KEY",
	"AZURE_OPENAI_BASE_URL",
	"WORKERS_AI_API_KEY",
	"WORKERS_AI_BASE_URL",
	"OPENAI_CHAT_API_KEY",
	"OPENAI_CHAT_BASE_URL",
	"OPENAI_RESPONSES_API_KEY",
	"OPENAI_RESPONSES_BASE_URL",
	"ANTHROPIC_MESSAGES_API_KEY",
	"ANTHROPIC_MESSAGES_BASE_URL",
	"LMSTUDIO_API_KEY",
	"LMSTUDIO_BASE_URL",
	"VLLM_API_KEY",
	"VLLM_BASE_URL",
	"SGLANG_API_KEY",
	"SGLANG_BASE_URL",
	"OLLAMA_API_KEY",
	"OLLAMA_BASE_URL",
	"LLAMACPP_API_KEY",
	"LLAMACPP_BASE_URL",
	"SLACK_SIGNING_SECRET",
	"SLACK_BOT_TOKEN",
	"SLACK_API_URL",
	"DISCORD_PUBLIC_KEY",
	"DISCORD_APPLICATION_ID",
	"DISCORD_BOT_TOKEN",
	"DISCORD_API_URL",
	"SLACK_CLIENT_ID",
	"SLACK_CLIENT_SECRET",
	"SLACK_APP_ID",
	"SLACK_AGENT",
	"SLACK_ADMINS",
	"SLACK_ALLOWED_TEAMS",
	"SLACK_ALLOWED_CHANNELS",
	"DISCORD_ADMINS",
	"DISCORD_ALLOWED_GUILDS",
	"DISCORD_ALLOWED_CHANNELS",
	"CHAT_TEAM",
	"CHAT_RUNS_AT_ONCE",
	"CHAT_RUNS_PER_USER_PER_DAY",
	"CHAT_USD_PER_DAY",
	"SANDBOX_KIND",
	"SANDBOX_URL",
	"SANDBOX_TOKEN",
] as const;

export type SettingName = (typeof settingNames)[number];
/** Only what is set: no empty strings, no surrounding white space (a pasted key often ends in a newline). */
export type Settings = { readonly [name in SettingName]?: string };

/** The Worker's bindings as wrangler.toml declares them. */
export type Env = Settings & {
	readonly SESSION: DurableObjectNamespace;
	readonly TENANT: DurableObjectNamespace;
	readonly INSTALLATION: DurableObjectNamespace;
	/** The built web page; absent where only the API is served. */
	readonly ASSETS?: Fetcher;
	/** Workers AI, where wrangler.toml binds it; never at `npm start`. */
	readonly AI?: AiBinding;
	/** Model servers that `npm start` found on this machine, as JSON. */
	readonly LOCAL_SERVERS?: string;
};

/** The model servers found at the start; none in a deployment. Written by our own `npm start`, so the parse is trusted. */
export function localServersOf({
	LOCAL_SERVERS: found,
}: Env): readonly { readonly backend: string; readonly models: readonly string[] }[] {
	const parsed: unknown = found === undefined ? [] : JSON.parse(found);
	return parsed as readonly { backend: string; models: readonly string[] }[];
}

/** The known settings of an environment, parsed once. */
export function settingsOf(env: {
	readonly [name: string]: unknown;
}): Settings & Readonly<Record<string, string | undefined>> {
	const set = settingNames.flatMap((name) => {
		const value = env[name];
		return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [];
	});
	return Object.fromEntries(set);
}

/** One installation of the app on a chat platform, or one platform's app as a whole. */
export function installationOf(env: Env, name: string): InstallationRpc {
	return env.INSTALLATION.getByName(name) as unknown as InstallationRpc;
}

/** One tenant for now: whoever holds the deployment's key. */
export function tenantOf(env: Env): TenantRpc {
	return env.TENANT.getByName("default") as unknown as TenantRpc;
}

let keyring: Keyring | null = null;

/** The keys of the settings and of the tenant: one ring for all that runs in an isolate, which reads them once. */
export function keyringOf(env: Env): Keyring {
	keyring ??= ringOf(env);
	return keyring;
}

function ringOf(env: Env): Keyring {
	const settings = settingsOf(env);
	const sealing = makeSeal(crypto, { v: settings.VAULT_KEY, a: settings.ADMIN_KEY });
	return makeKeyring(settings, {
		read: () => tenantOf(env).sealedKeys(),
		seal: (name, secret) => sealing?.seal(name, secret) ?? Promise.reject(new Error("no key to seal with")),
		open: async (name, sealed) => sealing?.open(name, sealed) ?? null,
	});
}

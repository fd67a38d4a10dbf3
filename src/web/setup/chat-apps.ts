import type { PlatformName } from "./checks.ts";

/** A chat platform as one sets it up: what is told to it, and what it tells us. */
export type ChatApp = {
	readonly name: PlatformName;
	readonly title: string;
	readonly what: string;
	/** What one does there, in this order. */
	readonly steps: readonly string[];
	/** Addresses of this deployment that it asks for, or that help; by the name under which it asks. */
	readonly addresses: readonly { readonly name: string; readonly path: string; readonly opens: boolean }[];
};

export const chatApps: readonly ChatApp[] = [
	{
		name: "slack",
		title: "Slack",
		what: "Ask with /massgen or by mentioning the app; the team answers in the thread.",
		steps: [
			"At api.slack.com/apps create an app from the manifest below.",
			"Install it in your workspace.",
			"Set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN in this deployment's settings.",
		],
		addresses: [
			{ name: "Manifest", path: "/slack/manifest", opens: true },
			{ name: "Events", path: "/webhooks/slack/events", opens: false },
			{ name: "Interactivity", path: "/webhooks/slack/interactivity", opens: false },
			{ name: "Slash command", path: "/webhooks/slack/commands", opens: false },
			{ name: "Install in other workspaces", path: "/slack/install", opens: true },
		],
	},
	{
		name: "discord",
		title: "Discord",
		what: "Ask with /ask in a server or a direct message; the card shows the votes as they move.",
		steps: [
			"At discord.com/developers/applications create an application.",
			"Set DISCORD_PUBLIC_KEY, DISCORD_APPLICATION_ID and DISCORD_BOT_TOKEN in this deployment's settings.",
			"Enter the address below as its Interactions Endpoint URL.",
		],
		addresses: [
			{ name: "Interactions Endpoint URL", path: "/webhooks/discord", opens: false },
			{ name: "Install", path: "/discord/install", opens: true },
		],
	},
];

import { receive } from "../../../bots/slack/receive.ts";
import { work } from "../../../bots/slack/work.ts";
import type { Delivered } from "../../../durable-objects/outbox/outbox.ts";
import { ApiError, type Client } from "../../../src/api/client.ts";
import type { Session } from "../../../src/api/contract.ts";
import type { JsonObject } from "../../../src/std/json.ts";
import { teamOf } from "../../support/api.ts";
import { startFakeSlack, type FakeSlack } from "../../support/slack/fake-slack.ts";
import { signedSlack, type SlackKind } from "../../support/slack/sign-slack.ts";
import { botDeps, type Standing } from "./bot-deps.ts";

export const channel = "C0GENERAL";
export const ts = "1790000000.000100";
export const place = `T0ALPHA/${channel}/${ts}/${ts}`;
export const sent: Delivered = { outcome: "sent" };

/** The bot's work on what a fake Slack sends, with an API that only notes what it is asked. */
export type Office = {
	readonly slack: FakeSlack;
	/** The calls of the API, oldest first. */
	readonly asked: unknown[][];
	/** What the API shows as the session; null: there is none. */
	session: Session | null;
	/** What the API answers instead. */
	refusal: ApiError | null;
	standing: Standing;
	/** Begins anew with these settings, too. */
	readonly use: (settings: Record<string, string>) => void;
	/** Through the door, and then worked on, as it would be by the workspace's object. */
	readonly came: (kind: SlackKind, body: JsonObject, tries?: number) => Promise<Delivered>;
	/** To whom what was told in private. */
	readonly whispers: () => (readonly [string | null, string])[];
	readonly spoken: () => string[];
};

const secret = "the-secret";
const paths: Record<SlackKind, string> = { event: "events", interactivity: "interactivity", command: "commands" };

export async function openOffice(): Promise<Office> {
	const slack = await startFakeSlack({ channelBudget: { max: 100, windowMs: 1000 } });
	const standingWith = (settings: Record<string, string>): Standing => {
		const own = { SLACK_SIGNING_SECRET: secret, SLACK_BOT_TOKEN: "xoxb-alpha", SLACK_API_URL: `${slack.url}/api` };
		return botDeps({ client: apiOf(office), settings: { ...own, ...settings } });
	};
	const said = () => slack.messages(channel);
	const office: Office = {
		slack,
		asked: [],
		session: null,
		refusal: null,
		get standing() {
			return current;
		},
		set standing(standing) {
			current = standing;
		},
		use: (settings) => void (current = standingWith(settings)),
		came: async (kind, body, tries = 0) => {
			const url = `http://127.0.0.1/webhooks/slack/${paths[kind]}`;
			await receive(current.deps)(signedSlack({ secret, body, at: Date.now(), kind, url }));
			const inbound = current.installation("slack:T0ALPHA").accepted.at(-1)!;
			const { place: address, payload } = inbound;
			const delivery = { id: "m", address, payload, revision: 1, ref: null, tries };
			return work(current.deps)(delivery, AbortSignal.timeout(10_000));
		},
		whispers: () =>
			said().flatMap(({ ephemeralTo, text }) => (ephemeralTo === null ? [] : [[ephemeralTo, text] as const])),
		spoken: () => said().flatMap(({ ephemeralTo, text }) => (ephemeralTo === null ? [text] : [])),
	};
	let current = standingWith({});
	return office;
}

/** A refusal as the API words it. */
export function problem(status: number, detail: string, errors: { path: string; message: string }[] = []): ApiError {
	return new ApiError({ type: "about:blank", title: "", status, detail, errors });
}

function apiOf(office: Pick<Office, "asked" | "session" | "refusal">): Partial<Client> {
	const noted =
		<T>(name: string, value: T) =>
		async (...args: unknown[]): Promise<T> => {
			office.asked.push([name, ...args]);
			if (office.refusal !== null) throw office.refusal;
			return value;
		};
	const team = teamOf({ name: "trio", agents: [{ id: "a", backend: "openai", model: "x" }] });
	return {
		createSession: noted("create", { id: "s1", status: "running", url: "", events_url: "" }),
		send: noted("send", { id: "s1", url: "", events_url: "" }),
		steer: noted("steer", { id: "s1", action: "" }),
		unshare: noted("unshare", undefined),
		exported: async () => new Blob(["# Cities\n\nParis.\n"]),
		teams: async () => ({ teams: [team], built_in: [] }),
		session: async () => {
			if (office.session === null) throw problem(404, "There is no session.");
			return office.session;
		},
	};
}

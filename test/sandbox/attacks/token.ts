import { shell, spec, token, type Rig } from "../rig.ts";
import { newBox, runIn, type Attack } from "./attack.ts";

export const tokenAttacks: readonly Attack[] = [
	{
		title: "someone has no token",
		defences: ["token"],
		succeeds: async (rig) => getsIn(rig, {}),
	},
	{
		title: "someone has another token",
		defences: ["token"],
		succeeds: async (rig) => getsIn(rig, { authorization: `Bearer ${"x".repeat(token.length)}` }),
	},
	{
		title: "someone has the beginning of the token",
		defences: ["token"],
		succeeds: async (rig) => getsIn(rig, { authorization: `Bearer ${token.slice(0, -1)}` }),
	},
	{
		title: "someone has the token of before",
		defences: ["token"],
		options: {},
		succeeds: async (rig) => {
			await rig.restart("the-token-that-came-after-it");
			const got = await getsIn(rig, { authorization: `Bearer ${token}` });
			await rig.restart();
			return got;
		},
	},
	{
		title: "the token stands in the address, where logs have it",
		defences: ["token"],
		succeeds: async (rig) => getsIn(rig, {}, `?token=${token}&access_token=${token}`),
	},
	{
		title: "a command reads what the runner was started with",
		defences: ["environment"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const { text } = await runIn(rig, name, shell("env; cat /proc/1/environ"));
			return text.includes(process.env["VITEST_WORKER_ID"] === undefined ? "VITEST=" : "VITEST_WORKER_ID=");
		},
	},
];

async function getsIn({ url }: Rig, headers: Record<string, string>, query = ""): Promise<boolean> {
	const body = JSON.stringify(spec);
	const response = await fetch(`${url}/v1/sandboxes/mine${query}`, { method: "PUT", headers, body });
	return response.status === 200;
}

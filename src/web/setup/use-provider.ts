import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { faultText } from "../shell/fault-text.ts";
import { useApi } from "../state/api.ts";
import type { Doing } from "./doing.ts";

/** Keys go in and never come out: what was sent is nowhere in what is kept here. */
export function useProvider(changed: () => void) {
	const { client } = useApi();
	const [doing, setDoing] = useState<Doing>({ status: "rest" });
	const doIt = async (what: string, act: () => Promise<Doing>) => {
		setDoing({ status: "busy", what });
		const done = await act().catch(refusal);
		setDoing(done);
		return done.status !== "refused";
	};
	const tested = async (name: string): Promise<Doing> => ({ status: "tried", tried: await client.testBackend(name) });
	return {
		doing,
		test: (name: string) => doIt("Asking…", () => tested(name)),
		/** Whether it was stored; the test afterwards may fail all the same. */
		store: async (name: string, key: string, baseUrl: string) => {
			const body = { key, ...(baseUrl !== "" && { base_url: baseUrl }) };
			const stored = await doIt("Storing…", async () => {
				await client.putKey(name, body);
				return { status: "busy", what: "Asking…" };
			});
			if (!stored) return false;
			changed();
			await doIt("Asking…", () => tested(name));
			return true;
		},
		remove: async (name: string) => {
			const removed = await doIt("Removing…", async () => {
				await client.dropKey(name);
				return { status: "rest" };
			});
			if (removed) changed();
		},
	};
}

function refusal(error: unknown): Doing {
	const paths = error instanceof ApiError ? (error.problem.errors ?? []).map(({ path }) => path) : [];
	return { status: "refused", fault: faultText(error), paths };
}

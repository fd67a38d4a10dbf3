import { useState } from "react";
import type { Client } from "../../../api/client.ts";
import { faultText } from "../../shell/fault-text.ts";

export type Seat = { readonly id: string; readonly client: Client; readonly look: () => void };
export type SteerAction = Parameters<Client["steer"]>[1];

export type Steering = {
	readonly busy: boolean;
	readonly fault: string | null;
	/** Resolves to whether the server took it. */
	readonly steer: (action: SteerAction) => Promise<boolean>;
	readonly send: (message: string) => Promise<boolean>;
};

/** The ways to act on a session, one at a time, with what the server said against the last one. */
export function useSteer({ id, client, look }: Seat): Steering {
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const attempt = async (act: () => Promise<unknown>) => {
		setBusy(true);
		setFault(null);
		try {
			await act();
			look();
			return true;
		} catch (error) {
			setFault(faultText(error));
			return false;
		} finally {
			setBusy(false);
		}
	};
	return {
		busy,
		fault,
		steer: (action) => attempt(() => client.steer(id, action)),
		send: (message) => attempt(() => client.send(id, message)),
	};
}

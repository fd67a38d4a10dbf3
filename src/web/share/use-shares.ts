import { useEffect, useState } from "react";
import type { Client } from "../../api/client.ts";
import type { Share, ShareList } from "../../api/share-schema.ts";
import { faultText } from "../shell/fault-text.ts";

export type Shares = {
	/** Null until the server has said. */
	readonly list: ShareList["shares"] | null;
	/** The link that was made last; its token is told only once. */
	readonly made: Share | null;
	readonly busy: boolean;
	readonly fault: string | null;
	readonly make: (seconds: number | null) => Promise<void>;
	readonly end: (share: string) => Promise<void>;
};

/** The links to a session, and the ways to make and end them. */
export function useShares(client: Client, id: string): Shares {
	const [list, setList] = useState<Shares["list"]>(null);
	const [made, setMade] = useState<Share | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	useEffect(() => {
		let gone = false;
		client.shares(id).then(
			({ shares }) => gone || setList(shares),
			(error: unknown) => gone || setFault(faultText(error)),
		);
		return () => void (gone = true);
	}, [client, id]);
	const attempt = async (act: () => Promise<void>) => {
		setBusy(true);
		setFault(null);
		try {
			await act();
			setList((await client.shares(id)).shares);
		} catch (error) {
			setFault(faultText(error));
		} finally {
			setBusy(false);
		}
	};
	return {
		list,
		made,
		busy,
		fault,
		make: (seconds) => attempt(async () => setMade(await client.share(id, { expires_in_seconds: seconds }))),
		end: (share) =>
			attempt(async () => {
				await client.unshare(id, share);
				if (made?.id === share) setMade(null);
			}),
	};
}

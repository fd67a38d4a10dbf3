import { useMemo } from "react";
import { makeClient } from "../../api/client.ts";
import { useRoom } from "../state/room.ts";
import { useRoute } from "../state/use-route.ts";

/** The session as a file that the server makes. */
export type Exports = { readonly fetchFile: (format: "md" | "json") => Promise<Blob> };

/** The exports of the session that is shown; null in a file that was exported. */
export function useExports(): Exports | null {
	const { seat } = useRoom();
	const route = useRoute();
	const token = route.at === "shared" ? route.token : null;
	return useMemo(() => {
		if (seat !== null) return { fetchFile: (format) => seat.client.exported(seat.id, format) };
		if (token === null) return null;
		const client = makeClient({ baseUrl: location.origin, key: "", fetch: (request) => fetch(request) });
		return { fetchFile: (format) => client.sharedExport(token, format) };
	}, [seat, token]);
}

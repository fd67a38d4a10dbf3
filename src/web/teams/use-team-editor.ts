import { useCallback, useEffect, useState } from "react";
import type { Client } from "../../api/client.ts";
import type { TeamList } from "../../api/contract.ts";
import { faultText } from "../shell/fault-text.ts";
import { useApi } from "../state/api.ts";
import { fieldOf, type Field } from "./field.ts";

export type Known = {
	readonly list: TeamList;
	readonly form: Field;
	readonly backends: readonly string[];
};

/** The teams there are and the form for one; `again` asks the server anew. */
export function useTeamEditor(): {
	readonly known: Known | null;
	readonly fault: string | null;
	readonly again: () => Promise<void>;
	readonly drop: (name: string) => Promise<string | null>;
} {
	const { client } = useApi();
	const [known, setKnown] = useState<Known | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const again = useCallback(
		() => knownOf(client).then(setKnown, (error: unknown) => setFault(faultText(error))),
		[client],
	);
	useEffect(() => void again(), [again]);
	const drop = async (name: string) => {
		try {
			await client.dropTeam(name);
			await again();
			return null;
		} catch (error) {
			return faultText(error);
		}
	};
	return { known, fault, again, drop };
}

async function knownOf(client: Client): Promise<Known> {
	const [list, schema, { backends }] = await Promise.all([client.teams(), client.teamSchema(), client.backends()]);
	// The server's own schema, made by the release that this page came with.
	const form = fieldOf(schema);
	return { list, form, backends: backends.map(({ name }) => name) };
}

import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import type { FieldError } from "../../api/contract.ts";
import { isJsonObject, type Json } from "../../std/json.ts";
import { faultText } from "../shell/fault-text.ts";
import { useApi } from "../state/api.ts";
import { withValueAt, type Path } from "./document.ts";

export type Editing = {
	readonly document: Json | undefined;
	readonly errors: readonly FieldError[];
	/** What is wrong with none of the fields. */
	readonly fault: string | null;
	readonly said: string | null;
	readonly busy: boolean;
	readonly change: (path: Path, value: Json | undefined) => void;
	/** Resolves to the name under which it is stored; null: it was refused. */
	readonly save: () => Promise<string | null>;
};

/** A team that is edited, until the server has taken it. */
export function useEditing(first: Json): Editing {
	const { client } = useApi();
	const [document, setDocument] = useState<Json | undefined>(first);
	const [errors, setErrors] = useState<readonly FieldError[]>([]);
	const [fault, setFault] = useState<string | null>(null);
	const [said, setSaid] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const save = async () => {
		const name = isJsonObject(document) ? document["name"] : undefined;
		setFault(null);
		setSaid(null);
		if (typeof name !== "string" || name === "") {
			setErrors([{ path: "name", message: "is required" }]);
			return null;
		}
		setBusy(true);
		try {
			// The server checks it; what a person has written so far need not be a team yet.
			const body: unknown = document;
			await client.putTeam(name, body as Parameters<typeof client.putTeam>[1]);
			setErrors([]);
			setSaid(`Team ${name} is stored.`);
			return name;
		} catch (error) {
			const faults = error instanceof ApiError ? (error.problem.errors ?? []) : [];
			setErrors(faults);
			if (faults.length === 0) setFault(faultText(error));
			return null;
		} finally {
			setBusy(false);
		}
	};
	const change = (path: Path, value: Json | undefined) => {
		setSaid(null);
		setDocument((before) => withValueAt(before, path, value));
	};
	return { document, errors, fault, said, busy, change, save };
}

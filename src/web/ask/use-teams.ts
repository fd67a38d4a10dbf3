import { useEffect, useState } from "react";
import type { TeamList } from "../../api/contract.ts";
import { useApi } from "../state/api.ts";

const none: TeamList = { teams: [], built_in: [] };

/** The teams there are; none until the server has said. */
export function useTeams(): TeamList {
	const { client } = useApi();
	const [teams, setTeams] = useState(none);
	useEffect(() => {
		let gone = false;
		client.teams().then(
			(list) => !gone && setTeams(list),
			// Without the list one still asks the team that the server takes by itself.
			() => undefined,
		);
		return () => void (gone = true);
	}, [client]);
	return teams;
}

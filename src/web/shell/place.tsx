import { AskPage } from "../ask/ask-page.tsx";
import { SessionPage } from "../room/session-page.tsx";
import { SharedPage } from "../room/shared-page.tsx";
import type { Route } from "../state/route.ts";
import { unreachable } from "../../std/assert.ts";
import { Nowhere } from "./nowhere.tsx";
import { SessionsPage } from "../pages/sessions-page.tsx";
import { SetupPage } from "../setup/setup-page.tsx";
import { TeamsPage } from "../pages/teams-page.tsx";

/** The part of the page that a route names. */
export function Place({ route }: { readonly route: Route }) {
	switch (route.at) {
		case "ask":
			return <AskPage />;
		case "session":
			return <SessionPage key={route.id} id={route.id} />;
		case "shared":
			return <SharedPage key={route.token} token={route.token} />;
		case "sessions":
			return <SessionsPage />;
		case "teams":
			return <TeamsPage />;
		case "setup":
			return <SetupPage />;
		case "nowhere":
			return <Nowhere what={`There is nothing at ${route.path.slice(0, 200)}.`} />;
		default:
			return unreachable(route);
	}
}

import { Suspense, lazy } from "react";
import { AskPage } from "../ask/ask-page.tsx";
import { SessionPage } from "../room/session-page.tsx";
import { PartBoundary } from "../room/part-boundary.tsx";
import { SharedPage } from "../room/shared-page.tsx";
import type { Route } from "../state/route.ts";
import { unreachable } from "../../std/assert.ts";
import { Nowhere } from "./nowhere.tsx";

const SessionsPage = lazy(async () => ({ default: (await import("../sessions/sessions-page.tsx")).SessionsPage }));
const SetupPage = lazy(async () => ({ default: (await import("../setup/setup-page.tsx")).SetupPage }));
const TeamsPage = lazy(async () => ({ default: (await import("../teams/teams-page.tsx")).TeamsPage }));

/** The part of the page that a route names; what is not needed at first is loaded then. */
export function Place({ route }: { readonly route: Route }) {
	return (
		<PartBoundary key={route.at}>
			<Suspense fallback={<p className="sheet soft">Loading…</p>}>
				<Shown route={route} />
			</Suspense>
		</PartBoundary>
	);
}

function Shown({ route }: { readonly route: Route }) {
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

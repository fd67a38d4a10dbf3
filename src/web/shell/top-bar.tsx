import type { Route } from "../state/route.ts";
import { Brand } from "./brand.tsx";
import { Go } from "./go.tsx";

const places = [
	["ask", "/", "Ask"],
	["sessions", "/sessions", "Sessions"],
	["teams", "/teams", "Teams"],
	["setup", "/setup", "Setup"],
] as const;

/** Where one can go. A reader of something shared has no other place here. */
export function TopBar({ route, hasKey }: { readonly route: Route; readonly hasKey: boolean }) {
	return (
		<header className="top-bar">
			<Brand />
			{hasKey && (
				<nav aria-label="Places">
					{places.map(([at, path, name]) => (
						<Go key={at} to={path} current={route.at === at}>
							{name}
						</Go>
					))}
				</nav>
			)}
		</header>
	);
}

import "./shell.css";
import { ApiContext } from "../state/api.ts";
import { useKey } from "../state/use-key.ts";
import { useRoute } from "../state/use-route.ts";
import { KeyPage } from "./key-page.tsx";
import { Place } from "./place.tsx";
import { TopBar } from "./top-bar.tsx";

/** The whole page: what is shared may be read by anybody, the rest wants a key. */
export function Page() {
	const route = useRoute();
	const { api, refused, enter } = useKey();
	const open = api !== null || route.at === "shared";
	return (
		<ApiContext value={api}>
			<a className="skip" href="#main">
				Skip to content
			</a>
			<TopBar route={route} hasKey={api !== null} />
			<main id="main" tabIndex={-1} data-at={route.at}>
				{open ? <Place route={route} /> : <KeyPage refused={refused} enter={enter} />}
			</main>
		</ApiContext>
	);
}

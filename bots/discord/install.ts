import type { Platform } from "../chat.ts";
import { permissionsWanted } from "./interaction.ts";

/** `GET /discord/install`: to Discord's own page, where a person adds the app to a server, or with `?to=me` to herself. */
export const install: Platform["install"] =
	({ settings }) =>
	async (request) => {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname !== "/discord/install") return new Response(null, { status: 404 });
		if (request.method !== "GET") return new Response(null, { status: 405, headers: { allow: "GET" } });
		const application = settings["DISCORD_APPLICATION_ID"];
		if (application === undefined)
			return new Response("Set DISCORD_APPLICATION_ID to install the app.", { status: 503 });
		const to = searchParams.get("to") === "me" ? "me" : "server";
		return Response.redirect(authorizeUrl(application, to), 302);
	};

/** https://docs.discord.com/developers/topics/oauth2 */
function authorizeUrl(application: string, to: "server" | "me"): string {
	const query = new URLSearchParams({ client_id: application, ...wanted[to] });
	return `https://discord.com/oauth2/authorize?${query.toString()}`;
}

/** Nobody's own app has a bot beside it. */
const wanted = {
	server: { scope: "bot applications.commands", permissions: String(permissionsWanted), integration_type: "0" },
	me: { scope: "applications.commands", integration_type: "1" },
};

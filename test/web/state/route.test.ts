import { expect, test } from "vitest";
import { routeOf, sessionPath, type Route } from "../../../src/web/state/route.ts";

test.each<[path: string, Route]>([
	["/", { at: "ask" }],
	["/sessions", { at: "sessions" }],
	["/teams/", { at: "teams" }],
	["/setup", { at: "setup" }],
	["/s/abc", { at: "session", id: "abc" }],
	["/s/abc/", { at: "session", id: "abc" }],
	["/s/a%2Fb", { at: "session", id: "a/b" }],
	["/share/t-1", { at: "shared", token: "t-1" }],
	["/s/", { at: "nowhere", path: "/s/" }],
	["/s/%", { at: "nowhere", path: "/s/%" }],
	["/s/a/b", { at: "nowhere", path: "/s/a/b" }],
	["/other", { at: "nowhere", path: "/other" }],
])("the address %s", (path, route) => {
	expect(routeOf(path)).toEqual(route);
});

test.each(["abc", "a/b", "%", "ö ?#"])("the address of the session %j leads to it", (id) => {
	expect(routeOf(sessionPath(id))).toEqual({ at: "session", id });
});

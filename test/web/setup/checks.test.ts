import { expect, test } from "vitest";
import {
	checksOfDeployment,
	checksOfPlatform,
	connectionOf,
	type Connection,
	type SetupCheck,
} from "../../../src/web/setup/checks.ts";
import { isThisMachine } from "../../../src/web/setup/this-machine.ts";

const check = (name: string, ok: boolean): SetupCheck => ({ name, ok, detail: "d", fix: ok ? null : "f" });
const all = [
	check("PUBLIC_URL", false),
	check("providers", false),
	check("slack: bot token", true),
	check("slack", false),
	check("discord.endpoint", false),
	check("discordant", false),
];

test("a platform's checks are its own, and named without it", () => {
	expect(checksOfPlatform(all, "slack")).toEqual([check("bot token", true), check("slack", false)]);
	expect(checksOfPlatform(all, "discord")).toEqual([check("endpoint", false)]);
});

test("the deployment's are those that are not right and have no card of their own", () => {
	expect(checksOfDeployment([...all, check("vault", true)])).toEqual([
		check("PUBLIC_URL", false),
		check("discordant", false),
	]);
});

test.each<[string, readonly SetupCheck[] | null, Connection]>([
	["not looked at yet", null, "unknown"],
	["without any check", [], "none"],
	["with none that is right", [check("a", false), check("b", false)], "none"],
	["with one that is not", [check("a", true), check("b", false)], "part"],
	["with all right", [check("a", true), check("b", true)], "ready"],
])("a platform %s", (_, checks, connection) => {
	expect(connectionOf(checks)).toBe(connection);
});

test.each([
	["127.0.0.1", true],
	["127.1.2.3", true],
	["localhost", true],
	["massgen.localhost", true],
	["[::1]", true],
	["massgen.example", false],
	["127.0.0.1.example.org", false],
	["notlocalhost", false],
])("%s is an address of this machine alone: %s", (hostname, expected) => {
	expect(isThisMachine(hostname)).toBe(expected);
});

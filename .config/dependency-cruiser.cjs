// Who may import whom: layers.json is the table, a row is a folder, and anything not listed for it is an error.
// TypeScript 7 has no API to parse with, so swc reads the files; it reports type-only imports too.
const mayImport = require("./layers.json");

const escaped = (path) => path.replace(/[.]/g, "\\.");
const isFile = (path) => /\.tsx?$/.test(path);
const within = (path) => `^${escaped(path)}${isFile(path) ? "$" : "/"}`;

/** Folders that are functions of their arguments, or take what they need as one: no package at all. */
const withoutPackages = ["src/std", "src/consensus", "src/prompts", "src/workspace", "src/agent", "durable-objects"];
/** Where an import may bring a type, never code: [from, to]. */
const typesOnly = [
	["^src/api/", "^durable-objects/rpc\\.ts$"],
	["^bots/", "^durable-objects/"],
	["^(src/api|durable-objects)/", "^src/env\\.ts$"],
	["^src/env\\.ts$", "^durable-objects/"],
];
const packageTypes = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];

module.exports = {
	forbidden: [
		{ name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
		{
			name: "no-orphans",
			comment: "Nothing imports it and it imports nothing: dead, or not wired up yet.",
			severity: "error",
			from: { orphan: true, pathNot: "\\.d\\.ts$|^src/worker\\.ts$|^src/cli/|^bots/slack/left-out/" },
			to: {},
		},
		{
			name: "no-packages-here",
			severity: "error",
			from: { path: withoutPackages.map(within) },
			to: { dependencyTypes: [...packageTypes, "core"] },
		},
		{
			name: "packages-are-declared",
			comment: "The command line may use the tools that serve a Worker, which are for development elsewhere.",
			severity: "error",
			from: { pathNot: "^src/cli/" },
			to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"], dependencyTypesNot: ["type-only"] },
		},
		{
			name: "node-only-where-node-runs",
			comment: "The Worker is built without Node's modules.",
			severity: "error",
			from: { pathNot: "^src/cli/|^src/sandbox/runner/" },
			to: { dependencyTypes: ["core"] },
		},
		{
			name: "cloudflare-only-in-the-objects",
			severity: "error",
			from: { pathNot: "^durable-objects/(session|tenant|installation)\\.ts$|^src/worker\\.ts$" },
			to: { path: "^cloudflare:" },
		},
		{
			name: "imports-resolve",
			severity: "error",
			from: {},
			to: { couldNotResolve: true, pathNot: "^cloudflare:" },
		},
		{ name: "nothing-imports-the-worker", severity: "error", from: {}, to: { path: "^src/worker\\.ts$" } },
		{
			name: "only-the-worker-is-composed",
			severity: "error",
			from: { pathNot: "^src/worker\\.ts$|^src/composed/" },
			to: { path: "^src/composed/" },
		},
		{ name: "nothing-imports-tests", severity: "error", from: {}, to: { path: "^test/" } },
		...typesOnly.map(([from, to]) => ({
			name: "types-only",
			severity: "error",
			from: { path: from },
			to: { path: to, dependencyTypesNot: ["type-only"] },
		})),
		...Object.entries(mayImport).map(([folder, allowed]) => ({
			name: `layers: ${folder}`,
			severity: "error",
			from: { path: within(folder) },
			to: { path: "^(src|bots|durable-objects)/", pathNot: [folder, ...allowed].map(within) },
		})),
		{
			name: "every-folder-has-a-row",
			severity: "error",
			from: { path: "^src/", pathNot: ["src/worker.ts", ...Object.keys(mayImport)].map(within) },
			to: {},
		},
	],
	options: {
		parser: "swc",
		doNotFollow: { path: "node_modules" },
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: ["workerd", "import", "default", "types"],
			mainFields: ["module", "main", "types"],
			extensions: [".ts", ".tsx", ".js", ".mjs", ".d.ts"],
		},
	},
};

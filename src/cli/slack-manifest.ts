import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** `npm run slack:manifest -- --url https://...`: the app's manifest for a deployment at that address. */
const { values } = parseArgs({ options: { url: { type: "string" } } });
const base = values.url?.replace(/\/+$/, "") ?? "";
if (!URL.canParse(base)) {
	console.error("usage: npm run --silent slack:manifest -- --url https://YOUR-DEPLOYMENT");
	process.exitCode = 64;
} else {
	const path = join(import.meta.dirname, "..", "..", "bots", "slack", "manifest.json");
	console.log(readFileSync(path, "utf8").replaceAll("https://massgen.invalid", base).trimEnd());
}

import { startVitest } from "vitest/node";
import type { TestModule } from "vitest/node";
import { chromiumPath, pageNotTested } from "./chromium.ts";

/** The page's tests in a browser are a command of their own: they take minutes, and what they wait for depends on the machine. */
const inBrowser = process.argv[2] === "page";
const vitest = await startVitest(process.argv.slice(inBrowser ? 3 : 2), {
	run: true,
	watch: false,
	project: inBrowser ? ["web"] : ["node", "server", "sandbox", "workers"],
});
const failures = vitest.state.getUnhandledErrors().length;
const modules = vitest.state.getTestModules();
// After a failed collection or a crash nothing may be left that keeps the process from ending.
await vitest.close();
process.exitCode = report(modules, failures);

/** Prints the last line; a file that could not be read and an error outside any test count as failed tests. */
function report(files: readonly TestModule[], stray: number): number {
	const tests = files.flatMap((file) => [...file.children.allTests()]);
	const passed = tests.filter((test) => test.result().state === "passed").length;
	const skipped = tests.filter((test) => test.result().state === "skipped");
	const broken = files.filter((file) => file.errors().length > 0).length;
	const failed = tests.length - passed - skipped.length + broken + stray;
	if (!inBrowser) console.log("NOT RUN: the page in a browser (test/web). `npm test -- page` runs it.");
	else if (chromiumPath === null) console.log(pageNotTested);
	for (const test of skipped) console.log(`skipped: ${test.fullName}`);
	console.log(`${passed} passed, ${failed} failed`);
	return failed > 0 || passed === 0 ? 1 : 0;
}

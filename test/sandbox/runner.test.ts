import { describe } from "vitest";
import { conformance } from "./conformance.ts";
import { startRig, whyNoRunner } from "./rig.ts";

const missing = await whyNoRunner();
if (missing !== null) console.warn(`THE SANDBOX RUNNER WAS NOT TESTED: ${missing}`);

describe.skipIf(missing !== null)("the runner", () => {
	describe("with what the host has to keep limits", () => {
		conformance(() => startRig({ settings: { sandboxesMax: 32 } }));
	});
	describe("without groups", () => {
		conformance(() => startRig({ settings: { sandboxesMax: 32 }, cgroupRoot: "/nowhere" }));
	});
});

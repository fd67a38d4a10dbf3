import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkAttacks } from "./attacks/link.ts";
import { memoryAttacks } from "./attacks/memory.ts";
import { networkAttacks } from "./attacks/network.ts";
import { pathAttacks } from "./attacks/path.ts";
import { processAttacks } from "./attacks/process.ts";
import { protocolAttacks } from "./attacks/protocol.ts";
import { tokenAttacks } from "./attacks/token.ts";
import type { Attack } from "./attacks/attack.ts";
import { startRig, whyNoRunner, type Rig } from "./rig.ts";

const missing = await whyNoRunner();
if (missing !== null) console.warn(`NO ATTACK ON THE SANDBOX RUNNER WAS TRIED: ${missing}`);

const classes = {
	path: pathAttacks,
	link: linkAttacks,
	process: processAttacks,
	memory: memoryAttacks,
	network: networkAttacks,
	protocol: protocolAttacks,
	token: tokenAttacks,
} as const satisfies Record<string, readonly Attack[]>;
const rows = Object.entries(classes).flatMap(([kind, attacks]) =>
	attacks.map((attack): readonly [string, Attack] => [`${kind}: ${attack.title}`, attack]),
);

describe.skipIf(missing !== null)("attacks on the runner", () => {
	let shared: Rig;
	beforeAll(async () => void (shared = await startRig({ settings: { sandboxesMax: 64 } })));
	afterAll(async () => shared.close());

	test.each(rows)(
		"contained: %s",
		async (_, { options, succeeds }) => {
			const rig = options === undefined ? shared : await startRig(options);
			const escaped = await succeeds(rig);
			if (rig !== shared) await rig.close();
			expect(escaped).toBe(false);
		},
		30_000,
	);

	test.each(rows)(
		"succeeds without its defence: %s",
		async (_, { options, defences, succeeds }) => {
			const rig = await startRig({ ...options, without: defences });
			const escaped = await succeeds(rig);
			await rig.close();
			expect(escaped).toBe(true);
		},
		30_000,
	);
});

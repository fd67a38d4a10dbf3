import { shell } from "../rig.ts";
import { newBox, runIn, type Attack } from "./attack.ts";

export const memoryAttacks: readonly Attack[] = [
	{
		title: "a process takes more memory than its sandbox has",
		defences: ["memory_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			// `tail` keeps all that it reads.
			const script = "head -c 300000000 /dev/zero | tail -c 300000000 | wc -c";
			return (await runIn(rig, name, shell(script))).text === "300000000\n";
		},
	},
	{
		title: "endless output fills the runner",
		defences: ["output_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const { pieces } = await runIn(rig, name, shell("head -c 2000000 /dev/zero", { outputBytesMax: 1024 }));
			const kept = pieces.map((piece) => (piece.type === "output" ? piece.bytes.length : 0));
			return kept.reduce((sum, bytes) => sum + bytes, 0) > 1_000_000;
		},
	},
	{
		title: "a file grows without end",
		defences: ["file_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const script = "head -c 6000000 /dev/zero >big; stat -c %s big";
			return (await runIn(rig, name, shell(script))).text === "6000000\n";
		},
	},
	{
		title: "many files fill the disk",
		defences: ["disk_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const script = "for i in 1 2 3 4 5 6 7 8; do head -c 3000000 /dev/zero >f$i; done; sleep 2; echo filled";
			return (await runIn(rig, name, shell(script))).text === "filled\n";
		},
	},
	{
		title: "/tmp, which is memory, is filled",
		defences: ["tmp_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const script =
				"for i in $(seq 18); do head -c 4000000 /dev/zero >/tmp/f$i 2>/dev/null || exit 1; done; echo filled";
			return (await runIn(rig, name, shell(script))).text === "filled\n";
		},
	},
];

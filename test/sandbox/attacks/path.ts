import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { at, key, shell } from "../rig.ts";
import { newBox, runIn, withCanary, workspaceOf, type Attack } from "./attack.ts";

const signal = new AbortController().signal;

export const pathAttacks: readonly Attack[] = [
	{
		title: "a file is read that lies above the workspace",
		defences: ["paths", "confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ file, secret }) => {
				const name = await newBox(rig);
				const path = relative(workspaceOf(rig, name), file);
				const got = await rig.sandbox.get({ sandbox: key(name), path }, 1000, signal);
				return got.ok && Buffer.from(got.value).toString() === secret;
			}),
	},
	{
		title: "a file is read by its path on the host",
		defences: ["paths", "confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ file, secret }) => {
				const name = await newBox(rig);
				const got = await rig.sandbox.get({ sandbox: key(name), path: file }, 1000, signal);
				return got.ok && Buffer.from(got.value).toString() === secret;
			}),
	},
	{
		title: "a file is written above the workspace",
		defences: ["paths", "confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ folder }) => {
				const name = await newBox(rig);
				const planted = join(folder, "planted");
				const path = relative(workspaceOf(rig, name), planted);
				await rig.sandbox.put({ sandbox: key(name), path }, new Uint8Array([1]), signal);
				return existsSync(planted);
			}),
	},
	{
		title: "a command begins in a folder of the host",
		defences: ["paths", "mounts"],
		succeeds: (rig) =>
			withCanary(async ({ folder, secret }) => {
				const name = await newBox(rig);
				const cwd = relative(workspaceOf(rig, name), folder);
				const where = at(name, "c");
				const started = await rig.sandbox.start(where, shell("cat secret", { cwd }), signal);
				if (!started.ok) return false;
				const read = await rig.sandbox.read(where, { fromByte: 0, waitMs: 3000 }, signal);
				return read.ok && read.value.pieces.some((piece) => "bytes" in piece && text(piece.bytes) === secret);
			}),
	},
	{
		title: "a command reads a file of the host",
		defences: ["mounts"],
		succeeds: (rig) =>
			withCanary(async ({ file, secret }) => {
				const name = await newBox(rig);
				return (await runIn(rig, name, shell(`cat ${file}`))).text === secret;
			}),
	},
	{
		title: "a command reads what another sandbox has written",
		defences: ["mounts", "own_user"],
		succeeds: async (rig) => {
			const victim = await newBox(rig);
			const name = await newBox(rig);
			await rig.sandbox.put({ sandbox: key(victim), path: "secret" }, Buffer.from("canary"), signal);
			const { text: output } = await runIn(rig, name, shell(`cat ${workspaceOf(rig, victim)}/secret`));
			return output === "canary";
		},
	},
];

function text(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString();
}

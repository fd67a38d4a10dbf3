import { existsSync } from "node:fs";
import { join } from "node:path";
import { at, key, shell } from "../rig.ts";
import { newBox, runIn, withCanary, type Attack } from "./attack.ts";

const signal = new AbortController().signal;

export const linkAttacks: readonly Attack[] = [
	{
		title: "a file of the host is read through a link to it",
		defences: ["confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ file, secret }) => {
				const name = await newBox(rig);
				await runIn(rig, name, shell(`ln -s ${file} innocent.txt`));
				const got = await rig.sandbox.get({ sandbox: key(name), path: "innocent.txt" }, 1000, signal);
				return got.ok && Buffer.from(got.value).toString() === secret;
			}),
	},
	{
		title: "a file is written to the host through a link to a folder",
		defences: ["confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ folder }) => {
				const name = await newBox(rig);
				await runIn(rig, name, shell(`ln -s ${folder} folder`));
				await rig.sandbox.put({ sandbox: key(name), path: "folder/planted" }, new Uint8Array([1]), signal);
				return existsSync(join(folder, "planted"));
			}),
	},
	{
		title: "a folder of the host is listed through a link to it",
		defences: ["confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ folder }) => {
				const name = await newBox(rig);
				await runIn(rig, name, shell(`ln -s ${folder}/ folder`));
				const found = await rig.sandbox.list({ sandbox: key(name), path: "folder/." }, 100, signal);
				return found.ok && found.value.some(({ path }) => path.endsWith("secret"));
			}),
	},
	{
		title: "a file of the host gets a second name in the workspace",
		defences: ["mounts"],
		succeeds: (rig) =>
			withCanary(async ({ file, secret }) => {
				const name = await newBox(rig);
				return (await runIn(rig, name, shell(`ln ${file} hard && cat hard`))).text === secret;
			}),
	},
	{
		title: "a link is swapped for a folder while a file is being written",
		defences: ["confined_files"],
		succeeds: (rig) =>
			withCanary(async ({ folder }) => {
				const name = await newBox(rig);
				const swap = `mkdir real; ln -s real way; echo; while :; do ln -sfn ${folder} way; ln -sfn real way; done`;
				await rig.sandbox.start(at(name, "c"), shell(swap), signal);
				await rig.sandbox.read(at(name, "c"), { fromByte: 0, waitMs: 5000 }, signal);
				for (let tries = 0; tries < 20; tries += 1)
					await rig.sandbox.put({ sandbox: key(name), path: "way/planted" }, new Uint8Array([1]), signal);
				await rig.sandbox.kill(at(name, "c"), signal);
				return existsSync(join(folder, "planted"));
			}),
	},
];

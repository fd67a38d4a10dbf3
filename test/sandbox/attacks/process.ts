import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { at, firstUid, shell, type Rig } from "../rig.ts";
import { newBox, runIn, slotOf, workspaceOf, type Attack } from "./attack.ts";

const signal = new AbortController().signal;

export const processAttacks: readonly Attack[] = [
	{
		title: "processes multiply",
		defences: ["processes_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const script = "for i in $(seq 60); do sleep 1 & done; echo all";
			return (await runIn(rig, name, shell(script))).text.endsWith("all\n");
		},
	},
	{
		title: "a command never ends",
		defences: ["time_limit"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			await rig.sandbox.start(at(name, "c"), shell("sleep infinity", { timeoutMs: 300 }), signal);
			await wait(1200);
			const read = await rig.sandbox.read(at(name, "c"), { fromByte: 0, waitMs: 0 }, signal);
			await rig.sandbox.kill(at(name, "c"), signal);
			return read.ok && read.value.state.status === "running";
		},
	},
	{
		title: "a process that left its session outlives its command",
		defences: ["group_kill", "process_namespace"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const script = "setsid sh -c 'sleep 0.8; touch survived' >/dev/null 2>&1 & sleep 60";
			await rig.sandbox.start(at(name, "c"), shell(script), signal);
			await wait(300);
			await rig.sandbox.kill(at(name, "c"), signal);
			await wait(1200);
			return existsSync(join(workspaceOf(rig, name), "survived"));
		},
	},
	{
		title: "a process of the host is ended",
		defences: ["process_namespace"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const victim = await processOf(rig, name);
			await runIn(rig, name, shell(`kill -9 ${victim.pid}`));
			await wait(200);
			const ended = victim.signalCode === "SIGKILL";
			victim.kill("SIGKILL");
			return ended;
		},
	},
	{
		title: "the command line of a process of the host is read",
		defences: ["process_namespace"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			const victim = await processOf(rig, name);
			const { text } = await runIn(rig, name, shell(`cat /proc/${victim.pid}/cmdline`));
			victim.kill("SIGKILL");
			return text.includes("20.25");
		},
	},
	{
		title: "a process becomes root of a namespace of its own",
		defences: ["nested_namespaces"],
		succeeds: async (rig) => {
			const name = await newBox(rig);
			return (await runIn(rig, name, shell("unshare --user --map-root-user id -u"))).text === "0\n";
		},
	},
];

/** A process of the very user that the sandbox has. It ends by itself. */
async function processOf(rig: Rig, name: string): Promise<ChildProcess> {
	const uid = firstUid === null ? {} : { uid: firstUid + slotOf(rig, name) };
	const victim = spawn("/usr/bin/sleep", ["20.25"], { stdio: "ignore", cwd: "/", ...uid });
	await once(victim, "spawn");
	return victim;
}

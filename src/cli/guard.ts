import { spawn } from "node:child_process";

/**
 * Sees to it that no runtime outlives this process, however it ends: workerd goes on serving when Node is killed with
 * -9, and holds the port and the state. Called right before a runtime is started; the guard ends with that runtime.
 */
export function guardRuntime(): void {
	const guard = spawn("sh", ["-c", script, "guard", String(process.pid)], { stdio: "ignore" });
	// Without a shell there is no guard, and no reason not to serve.
	guard.on("error", () => {});
	guard.unref();
}

/**
 * The runtime is looked for while its parent lives, since afterwards nobody knows whose it was; it appears within a
 * second. It is looked after only as long as it lives: its number may be given to another process later.
 * Ctrl-C goes to the whole group of a terminal, and must not end the guard before what it guards.
 */
const script = String.raw`
trap '' INT TERM HUP
alive() {
	kill -0 "$1" 2>/dev/null || return 1
	stat=
	[ -r "/proc/$1/stat" ] && read -r stat <"/proc/$1/stat"
	case "$stat" in *") Z "*) return 1 ;; esac
}
runtimes() {
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null || pgrep -P "$1"); do
		case "$(cat "/proc/$child/comm" 2>/dev/null || ps -o comm= -p "$child")" in *workerd) echo "$child" ;; esac
	done
}
looks=0
watched=
while alive "$1" && [ -z "$watched" ] && [ "$looks" -lt 600 ]; do
	watched=$(runtimes "$1")
	looks=$((looks + 1))
	sleep 0.05
done
while [ -n "$watched" ]; do
	left=
	for runtime in $watched; do alive "$runtime" && left="$left $runtime"; done
	watched=$left
	alive "$1" || break
	sleep 0.2
done
[ -n "$watched" ] && kill -9 $watched
`;

/**
 * What the port promises, in the shell of a machine that only runs commands: a command's folder is made in one step, with
 * what it stands for in it, so that it runs once; its output goes to files, so that any cursor can be read later; its end is
 * one file that appears whole. A process that leaves its session and keeps the output open keeps the command running. Each script gets values as arguments, never as text of its own. They need GNU coreutils,
 * findutils and util-linux.
 */

/** How a script says what is wrong. */
export const exits = { gone: 4, tooLarge: 5, outside: 6, conflict: 9 } as const;

const supervise = `
run=$1 seconds=$2 head=$3 tail=$4 input=$5; shift 5
echo $$ >"$run/supervisor"
mkfifo "$run/rest"
live=; command -v stdbuf >/dev/null && live='stdbuf -o0'
wc -c <"$run/rest" >"$run/count" & counter=$!
{
	setsid "$@" <"$input" 2>&1 & pid=$!
	echo "$pid" >"$run/.pid"; mv "$run/.pid" "$run/pid"
	(
		trap 'kill "$nap"; exit' TERM
		sleep "$seconds" & nap=$!
		wait "$nap"
		mkdir "$run/late"
		tries=50; until kill -9 "-$pid" || [ "$tries" -le 0 ]; do sleep 0.1; tries=$((tries - 1)); done
	) </dev/null >/dev/null 2>&1 & watch=$!
	wait "$pid"; echo "$?" >"$run/code"
	kill "$watch" 2>/dev/null
	kill -9 "-$pid" 2>/dev/null
} | {
	$live head -c "$head" >"$run/head"
	tee "$run/rest" | tail -c "$tail" >"$run/tail"
}
wait "$counter"
if [ -d "$run/late" ]; then echo timed_out; elif [ -d "$run/killed" ]; then echo killed; else echo "exited $(cat "$run/code")"; fi >"$run/.state"
mv "$run/.state" "$run/state"
`;

/** root (from where the script is run, as everywhere), id, digest, seconds, bytes of the beginning, bytes of the end, folder, input or nothing; then the command. */
export const start = `
root=$PWD/$1 id=$2 digest=$3; shift 3
run=$root/run/$id
mkdir -p "$root/run" "$root/work" || exit 1
draft=$(mktemp -d "$root/run/.draft.XXXXXXXX") || exit 1
printf %s "$digest" >"$draft/digest"
: >"$draft/head"
if ! mv -T "$draft" "$run" 2>/dev/null; then
	rm -rf "$draft"
	[ "$(cat "$run/digest")" = "$digest" ] || exit ${exits.conflict}
	cat "$run/state" 2>/dev/null || echo running
	exit 0
fi
seconds=$1 head=$2 tail=$3 folder=$4 input=$5; shift 5
if [ -n "$input" ]; then input=$PWD/$input; else input=/dev/null; fi
if ! cd -- "$root/work/$folder" 2>/dev/null; then
	: >"$run/tail"; echo 0 >"$run/count"; echo not_started >"$run/state"; echo not_started; exit 0
fi
setsid /bin/sh -c '${supervise.replaceAll("'", `'"'"'`)}' sh "$run" "$seconds" "$head" "$tail" "$input" "$@" </dev/null >/dev/null 2>&1 &
echo running
`;

/** A command without a state whose supervisor is gone was cut short by the machine itself. */
const stateOf = `
state() {
	cat "$run/state" 2>/dev/null && return
	supervisor=$(cat "$run/supervisor" 2>/dev/null) || { echo running; return; }
	kill -0 "$supervisor" 2>/dev/null && { echo running; return; }
	cat "$run/state" 2>/dev/null || echo interrupted
}
size() { stat -c %s "$1" 2>/dev/null || echo 0; }
`;

/** root, id, from byte, bytes at most, tries of a fifth of a second. First a line of facts, then base64. */
export const read = `
run=$1/run/$2 from=$3 most=$4 tries=$5
[ -d "$run" ] || exit ${exits.gone}
${stateOf}
while now=$(state); [ "$now" = running ] && [ "$(size "$run/head")" -le "$from" ] && [ "$tries" -gt 0 ]; do
	sleep 0.2; tries=$((tries - 1))
done
head=$(size "$run/head") rest=0 tail=0
if [ "$now" != running ]; then rest=$(cat "$run/count" 2>/dev/null || echo 0) tail=$(size "$run/tail"); fi
[ -n "$rest" ] || rest=$tail
tailAt=$((head + rest - tail))
echo "$now|$head|$((rest))|$tail"
if [ "$from" -lt "$head" ]; then
	tail -c "+$((from + 1))" "$run/head" | head -c "$most" | base64 -w 0
elif [ "$tail" -gt 0 ]; then
	[ "$from" -ge "$tailAt" ] || from=$tailAt
	tail -c "+$((from - tailAt + 1))" "$run/tail" | head -c "$most" | base64 -w 0
fi
`;

/** root, id. Waits for the end, which the signal brings about. */
export const kill = `
run=$1/run/$2
[ -d "$run" ] || exit ${exits.gone}
${stateOf}
if [ "$(state)" = running ]; then
	tries=25; while [ ! -f "$run/pid" ] && [ "$tries" -gt 0 ]; do sleep 0.2; tries=$((tries - 1)); done
	mkdir -p "$run/killed"
	# Again and again: it may not lead its group yet.
	tries=50
	while [ "$(state)" = running ] && [ "$tries" -gt 0 ]; do
		kill -9 "-$(cat "$run/pid")" 2>/dev/null
		sleep 0.1; tries=$((tries - 1))
	done
fi
state
`;

const within = `within() { case "$(realpath -m -- "$1")/" in "$(realpath -m -- "$root/work")"/*) ;; *) exit ${exits.outside};; esac; }`;

/** root, path, bytes at most. */
export const get = `
root=$PWD/$1; ${within}
within "$root/work/$2"
[ -f "$root/work/$2" ] || exit ${exits.gone}
[ "$(stat -Lc %s -- "$root/work/$2")" -le "$3" ] || exit ${exits.tooLarge}
base64 -w 0 -- "$root/work/$2"
`;

/** root, path, the file that was uploaded. */
export const put = `
root=$PWD/$1; ${within}
target=$root/work/$2
folder=$(dirname -- "$target")
mkdir -p "$root/work"; within "$folder"
mkdir -p -- "$folder" && [ ! -d "$target" ] && mv -fT -- "$3" "$target" || exit ${exits.outside}
`;

/** root, path, entries at most. */
export const list = `
root=$PWD/$1; ${within}
mkdir -p "$root/work"
within "$root/work/$2"
[ -d "$root/work/$2" ] || exit ${exits.gone}
find "$root/work/$2" -mindepth 1 -printf '%y\\t%s\\t%P\\0' | head -zn "$3" | base64 -w 0
`;

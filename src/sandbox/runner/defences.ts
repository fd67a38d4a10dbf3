/** What keeps code inside. All of them stand, always: only the tests of attacks take one away, to see the attack succeed. */
export const defences = [
	/** A path is relative and leads nowhere upwards. */
	"paths",
	/** Files are read and written from inside the sandbox, so that a link leads nowhere else. */
	"confined_files",
	/** The host's files are not there: the system read-only, the workspace, a `/tmp` of its own. */
	"mounts",
	"process_namespace",
	"network_namespace",
	/** No namespaces within the namespace: that is where most ways out of the kernel began. */
	"nested_namespaces",
	/** Where the runner is root: a user of its own for each sandbox. */
	"own_user",
	"environment",
	"time_limit",
	/** Ended with all that it started, not alone. */
	"group_kill",
	"processes_limit",
	"memory_limit",
	"tmp_limit",
	"file_limit",
	"disk_limit",
	"output_limit",
	/** Only origins of the list. */
	"egress_list",
	/** Only public addresses, whatever a name says. */
	"egress_addresses",
	"token",
	"body_limit",
	"strict_http",
	"slow_body_limit",
	"sandboxes_limit",
] as const;
export type Defence = (typeof defences)[number];
export type Defences = ReadonlySet<Defence>;

export const allDefences: Defences = new Set(defences);

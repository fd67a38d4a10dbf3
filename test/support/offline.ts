import { Socket } from "node:net";

/** Settings that would make a test reach a real account. `*_URL` too: a test says itself where its fake listens. */
const secret = /_(API_KEY|TOKEN|SECRET|BASE_URL|API_URL|PUBLIC_KEY)$|^(ADMIN_KEY|MASSGEN_\w+|SANDBOX_\w+)$/;
const loopback = /^(127(\.\d+){3}|::1|localhost|0\.0\.0\.0)$/;

/** Removes every key, token and address of a provider from the environment, here and for what is started from here. */
export function forgetKeys(env: NodeJS.ProcessEnv): void {
	for (const name of Object.keys(env)) if (secret.test(name)) delete env[name];
}

/** Whether a host is this machine: all that a test may talk to. */
export function isLoopback(host: string): boolean {
	return loopback.test(host.replace(/^\[|\]$/g, ""));
}

/** Makes connecting to another machine an error in this process. */
export function refuseNetwork(): void {
	const connect = Socket.prototype.connect;
	Socket.prototype.connect = function (this: Socket, ...given: unknown[]): Socket {
		const host = hostOf(given);
		if (host === null || isLoopback(host)) return Reflect.apply(connect, this, given) as Socket;
		// Not at once: whoever called has yet to listen for the error.
		process.nextTick(() =>
			this.destroy(new Error(`a test tried to reach ${host}: only loopback may be contacted`)),
		);
		return this;
	};
}

/** The host among `connect`'s overloads (port and host, options, or Node's own normalised list); null for a local path. */
function hostOf(given: readonly unknown[]): string | null {
	const [first, second] = given.flat();
	if (typeof first === "object" && first !== null) {
		if ("path" in first && first.path) return null;
		return "host" in first && typeof first.host === "string" ? first.host : "localhost";
	}
	if (typeof first === "string") return null;
	return typeof second === "string" ? second : "localhost";
}

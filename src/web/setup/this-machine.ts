/** Whether a host's name means the machine itself, which nobody else can reach by it. */
export function isThisMachine(hostname: string): boolean {
	return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname) || hostname.endsWith(".localhost");
}

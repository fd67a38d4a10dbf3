import type { SandboxKey } from "../sandbox.ts";

/** A name for the machine of a key where names are unique: keys have characters that names may not have. */
export async function machineName(key: SandboxKey): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
	const hex = Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, "0"));
	return `massgen-${hex.join("")}`;
}

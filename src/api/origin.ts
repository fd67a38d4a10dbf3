import type { AppDeps } from "./deps.ts";
import { hostOf, isLoopback } from "./webhook-url.ts";

/** Where this server is to be found, without a slash at the end. */
export function originOf({ publicUrl }: Pick<AppDeps, "publicUrl">, request: Request): string {
	return (publicUrl ?? new URL(request.url).origin).replace(/\/+$/, "");
}

/** A server that is reached as this machine is nobody else's. */
export function isLocal({ publicUrl }: Pick<AppDeps, "publicUrl">, request: Request): boolean {
	return isLoopback(hostOf(new URL(publicUrl ?? request.url)));
}

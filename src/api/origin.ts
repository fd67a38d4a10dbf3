import type { AppDeps } from "./deps.ts";

/** Where this server is to be found, without a slash at the end. */
export function originOf({ publicUrl }: Pick<AppDeps, "publicUrl">, request: Request): string {
	return (publicUrl ?? new URL(request.url).origin).replace(/\/+$/, "");
}

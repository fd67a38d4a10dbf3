import { inject } from "vitest";
import { startProcess, type Started } from "./start-process.ts";

/** The README's `npm start`, in the copy of the checkout that all tests share. */
export function npmStart(environment: Readonly<Record<string, string>>): Promise<Started> {
	return startProcess(inject("checkout"), environment);
}

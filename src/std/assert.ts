/** A broken invariant: our bug, never the caller's. It stops the session rather than corrupting it. */
export class InvariantError extends Error {
	override readonly name = "InvariantError";
}

/** Throws `InvariantError` naming the invariant that does not hold. */
export function assert(condition: boolean, invariant: string): asserts condition {
	if (!condition) throw new InvariantError(invariant);
}

/** Makes a switch exhaustive: adding a union member is then a compile error here. */
export function unreachable(value: never): never {
	throw new InvariantError(`unreachable: ${JSON.stringify(value)}`);
}

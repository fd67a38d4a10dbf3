import type { z } from "zod";

/** The one place where a checked string becomes a branded one. */
export function branded<T extends string>(schema: z.ZodType<string>): z.ZodType<T, string> {
	return schema as unknown as z.ZodType<T, string>;
}

// oxlint-disable-next-line unicorn/require-module-specifiers -- a module, so that the rest adds to React instead of replacing it
export {};

declare module "react" {
	interface CSSProperties {
		/** The hue of a seat, from which its colours are computed. */
		readonly "--hue"?: number;
		/** A share from 0 to 1. */
		readonly "--share"?: number;
	}
}

/**
 * Stands in the bundle for what Bolt's own servers are made of (Express, sockets, their OAuth): 1.4 MB that this Worker
 * would only carry along, as it has a receiver of its own. `[alias]` in wrangler.toml puts it there.
 */
export const leftOut = true;

/**
 * Stands in the bundle for what Bolt's own servers are made of: HTTP and socket servers of Node, and their OAuth. This app
 * has a receiver of its own and never makes one of those; wrangler.toml's `[alias]` puts this in their place.
 */
function leftOut(): never {
	throw new Error("this part of Bolt is left out of the bundle");
}

export default leftOut;
export {
	leftOut as InstallProvider,
	leftOut as LogLevel,
	leftOut as SocketModeClient,
	leftOut as Router,
	leftOut as FileInstallationStore,
	leftOut as MemoryInstallationStore,
	leftOut as Authorization,
};

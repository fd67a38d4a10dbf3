/** A moment in everyone's own time zone, and how far away it is: https://docs.discord.com/developers/reference#message-formatting */
export function timestamp(ms: number): string {
	return `<t:${Math.ceil(ms / 1000)}:R>`;
}

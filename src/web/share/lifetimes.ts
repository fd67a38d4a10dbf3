const daySeconds = 86_400;

/** For how long a link may open; null: until it is ended. */
export const lifetimes = [
	{ name: "1 hour", seconds: 3_600 },
	{ name: "1 day", seconds: daySeconds },
	{ name: "7 days", seconds: 7 * daySeconds },
	{ name: "30 days", seconds: 30 * daySeconds },
	{ name: "1 year", seconds: 365 * daySeconds },
	{ name: "Until I end it", seconds: null },
] as const;

/** What is offered first. */
export const usualLifetime = 3;

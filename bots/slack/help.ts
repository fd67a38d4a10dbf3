/** What `/massgen help` says. Slack's own markup; nothing in it comes from anybody else. */
export const helpText = [
	"*A team of agents answers together.* They work on the same question, read each other's answers and vote.",
	"• Mention me with a question, or write to me in a direct message. A reply in the same thread goes on with it.",
	"• `/massgen QUESTION` asks in this channel; `/massgen team NAME QUESTION` asks a certain team, `/massgen team` shows which there are.",
	"• `/massgen status` shows what I may spend here and your last questions.",
	"• _Ask the team about this_ in a message's menu asks about that message.",
	"• While the team works: *Stop*, *Answer now*, or add a note. Only who asked can do that.",
].join("\n");

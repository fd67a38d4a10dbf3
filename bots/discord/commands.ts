/** What people find under `/` and in the menu of a message: data, registered as a whole by `npm run discord:register`. */

export const questionCharsMax = 6000;
const teamNameCharsMax = 64;
export const menuCommandName = "Ask the team about this";

const optionType = { string: 3, boolean: 5, attachment: 11 } as const;
const commandType = { chatInput: 1, message: 3 } as const;
/** In a server and by a person for herself; in servers, in direct messages with us, and in those of others. */
const everywhere = { integration_types: [0, 1], contexts: [0, 1, 2] } as const;

const team = {
	type: optionType.string,
	name: "team",
	description: "Which team; the server's own choice if left out",
	max_length: teamNameCharsMax,
	autocomplete: true,
} as const;

export const commands = [
	{
		...everywhere,
		type: commandType.chatInput,
		name: "ask",
		description: "Ask a team of AI agents; in a thread that has a conversation this goes on with it",
		options: [
			{
				type: optionType.string,
				name: "question",
				description: "What the team shall answer together",
				required: true,
				min_length: 1,
				max_length: questionCharsMax,
			},
			team,
			{ type: optionType.attachment, name: "attachment", description: "A picture, a PDF or a text to look at" },
			{ type: optionType.boolean, name: "private", description: "Shown to you alone" },
		],
	},
	{
		...everywhere,
		type: commandType.chatInput,
		name: "team",
		description: "Which teams there are; who manages the server chooses the one that is asked",
		options: [{ ...team, name: "use", description: "The team that is asked here from now on" }],
	},
	{
		...everywhere,
		type: commandType.chatInput,
		name: "status",
		description: "What was asked here lately and how it stands",
	},
	{ ...everywhere, type: commandType.message, name: menuCommandName },
] as const;

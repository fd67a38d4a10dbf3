/** What all messages of ours have: https://docs.discord.com/developers/resources/message */

export const contentCharsMax = 2000;
export const flags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, componentsV2: 1 << 15 } as const;
/** Whatever stands in a text, nobody is notified. */
export const quietly = { allowed_mentions: { parse: [] } } as const;

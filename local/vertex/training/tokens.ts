/** Google's rule of thumb for Gemini: a token is about four characters. It stands in for a tokenizer that is not published. */
const CHARACTERS_PER_TOKEN = 4;

export const roughTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** Who speaks in a turn, whatever a form calls it. */
export type Speaker = 'user' | 'model' | 'system';

/** The words that people have for each, in lower case. */
const SPEAKERS: Readonly<Record<string, Speaker>> = {
  ...{ user: 'user', human: 'user', prompter: 'user', customer: 'user', client: 'user', person: 'user' },
  ...{ caller: 'user', visitor: 'user', student: 'user', patient: 'user' },
  ...{ assistant: 'model', model: 'model', bot: 'model', gpt: 'model', ai: 'model', chatgpt: 'model' },
  ...{ chatbot: 'model', agent: 'model', llm: 'model', gemini: 'model', claude: 'model', support: 'model' },
  ...{ system: 'system', developer: 'system', instruction: 'system' },
};

export interface SpeakerFound {
  /** What stands there, where it is a known word: another one may be somebody's name, and is not shown. */
  found?: string;
  /** The word for the same in the form. */
  write?: string;
  /** Whether nothing stands there. */
  isMissing?: boolean;
}

/** What is said of a word that the form does not have for who speaks. `words` are those that it has. */
export function speakerFound(value: unknown, words: Partial<Record<Speaker, string>>): SpeakerFound {
  if (value === undefined || value === null || value === '') return { isMissing: true };
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (typeof value !== 'string' || !Object.hasOwn(SPEAKERS, word)) return {};
  const speaker = SPEAKERS[word];
  const write = speaker && words[speaker];
  return write === undefined ? { found: value } : { found: value, write };
}

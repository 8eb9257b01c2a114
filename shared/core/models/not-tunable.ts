import type { SourceName } from './sources.ts';

/**
 * Models that people name and that Vertex AI does not tune, or does not tune with what this product sends. "Lists" are those of
 * `supervisedPage` and, after it, `tuningApiPage`.
 */
export interface NotTunable {
  /** Of the name without its publisher, in lower case; the first row that fits is taken. */
  names: RegExp;
  /** The end of the sentence "found NAME, …", or the day on which Google retired it, ISO 8601. */
  why: string | { retired: string };
  /** What to write in `base_model` instead. */
  successor?: string;
  source: SourceName;
}

const LISTS: SourceName = 'supervisedPage';

const NOT_TUNABLE: readonly NotTunable[] = [
  {
    names: /^gemini-2\.0-flash-lite/,
    why: { retired: '2026-06-01' },
    successor: 'gemini-3.1-flash-lite',
    source: 'modelVersionsAugust',
  },
  {
    names: /^gemini-2\.0-/,
    why: { retired: '2026-06-01' },
    successor: 'gemini-3.5-flash',
    source: 'modelVersionsAugust',
  },
  {
    names: /^gemini-3\.[67]-flash/,
    why: 'whose page lists tuning among what is not supported',
    successor: 'gemini-3.5-flash',
    source: 'modelPage',
  },
  {
    names: /^gemini-(?:1\.|3(?:\.\d)?-pro|3\.8-flash|4-argon)/,
    why: 'which no list of tunable models has',
    successor: 'gemini-3.5-flash',
    source: LISTS,
  },
  {
    names: /^gemini-embedding/,
    why: 'which no list of tunable models has',
    successor: 'text-embedding-005',
    source: 'embeddingPage',
  },
  {
    names: /^translation-llm/,
    why: 'which Vertex AI tunes with data in a form of its own that is not read here',
    source: 'tuningApiPage',
  },
  {
    names: /^(?:imagen|veo|lyria)/,
    why: 'a model of images, video or sound: only models of language are tuned here',
    source: LISTS,
  },
  {
    names: /^(?:gpt-|chatgpt|ft:|o[134](?:-|$)|davinci|babbage|claude)/,
    why: 'a model of another company, which Vertex AI does not tune',
    successor: 'gemini-3.1-flash-lite',
    source: LISTS,
  },
];

/** Gemini models that no row names are told apart by what they are for. */
const OTHER_GEMINI: readonly NotTunable[] = [
  {
    names: /^gemini-.*flash-lite/,
    why: 'which no list of tunable models has',
    successor: 'gemini-3.1-flash-lite',
    source: LISTS,
  },
  {
    names: /^gemini-/,
    why: 'which no list of tunable models has',
    successor: 'gemini-3.5-flash',
    source: LISTS,
  },
];

/** What is known of a model that cannot be tuned; undefined when the table does not have it. */
export function findNotTunable(name: string): NotTunable | undefined {
  return NOT_TUNABLE.find(({ names }) => names.test(name));
}

/** The same for a Gemini model that nothing else is known of. */
export function otherGemini(name: string): NotTunable | undefined {
  return OTHER_GEMINI.find(({ names }) => names.test(name));
}

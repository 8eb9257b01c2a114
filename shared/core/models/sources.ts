/** Where the facts of the catalogue come from. A row names its sources by these keys, so that a fact is as old as its source. */

/** Google's page, code or answer says it; somebody else reports Google's words or a bill; it follows from other facts. */
export type Confidence = 'documented' | 'reported' | 'inferred';

export interface Source {
  title: string;
  /** ISO 8601: the day of the copy that was read, or of the last words in it. */
  seenOn: string;
  confidence: Confidence;
}

export const SOURCES = {
  supervisedPage: {
    title: 'Google Cloud, "Tune Gemini models by using supervised fine-tuning"',
    seenOn: '2026-09-25',
    confidence: 'documented',
  },
  tuningApiPage: { title: 'Google Cloud, "Tuning API"', seenOn: '2026-09-26', confidence: 'documented' },
  preferencePage: {
    title: 'Google Cloud, "Preference tuning"',
    seenOn: '2026-08-22',
    confidence: 'documented',
  },
  openModelsPage: {
    title: 'Google Cloud, "Tune open models"',
    seenOn: '2026-08-22',
    confidence: 'documented',
  },
  openModelPrices: {
    title: 'Google’s own tuning skill (google/skills), which says that it mirrors the public price table',
    seenOn: '2026-08-21',
    confidence: 'documented',
  },
  gemma3Tokenizer: {
    title: 'Gemma 3’s tokenizer.json, by which the counter is judged: docs/token-counts.md',
    seenOn: '2026-11-30',
    confidence: 'documented',
  },
  tokenizersMeasured: {
    title:
      'the tokenizers of Llama 3.1 and Qwen 3 beside Gemma 3’s on the texts of docs/token-counts.md, widened',
    seenOn: '2026-11-30',
    confidence: 'documented',
  },
  tokenizersOfRelatives: {
    title: 'taken from the tokenizers of Llama 3.1 and Qwen 3, which were measured: docs/token-counts.md',
    seenOn: '2026-11-30',
    confidence: 'inferred',
  },
  modelVersions: {
    title: 'Google Cloud, "Model versions"',
    seenOn: '2026-10-13',
    confidence: 'documented',
  },
  modelVersionsAugust: {
    title: 'Google Cloud, "Model versions"',
    seenOn: '2026-08-22',
    confidence: 'documented',
  },
  modelPage: { title: 'Google Cloud, the page of the model', seenOn: '2026-08-22', confidence: 'documented' },
  retirementNotice: {
    title: 'Google’s notice to customers of September 2026, as dimagi/open-chat-studio quotes it',
    seenOn: '2026-09-16',
    confidence: 'reported',
  },
  monthBeforeRetirement: {
    title: 'Google Cloud, "Model versions": new access ends a month before retirement',
    seenOn: '2026-10-13',
    confidence: 'inferred',
  },
  palmDeprecations: {
    title: 'Google Cloud, "PaLM deprecations", announced on 2025-04-09; it has no row for code models',
    seenOn: '2025-04-21',
    confidence: 'documented',
  },
  palmTuningEnd: {
    title: 'Google Cloud, "PaLM deprecations": the end of tuning',
    seenOn: '2025-04-21',
    confidence: 'documented',
  },
  geckoRetirement: {
    title: 'reports of Google Cloud, "Text embeddings API", about the retirement of textembedding-gecko',
    seenOn: '2026-11-29',
    confidence: 'reported',
  },
  embeddingPage: {
    title: 'Google Cloud, "Tune text embeddings" and "Model versions"',
    seenOn: '2026-08-22',
    confidence: 'documented',
  },
  guide: {
    title: 'Google Cloud, "Tune text models by using supervised tuning"',
    seenOn: '2024-08-01',
    confidence: 'documented',
  },
  geminiPrices: {
    title: 'scripts of users that carry the list price; the official page was not seen',
    seenOn: '2026-08-31',
    confidence: 'reported',
  },
  userBill: {
    title: 'scripts of users that carry the list price, and one user’s bill: 17.5M tokens, about 52 USD',
    seenOn: '2026-10-31',
    confidence: 'reported',
  },
  geminiPrices25: {
    title: 'a note of a user that read the list price; the official page was not seen',
    seenOn: '2026-03-09',
    confidence: 'reported',
  },
  answerPrices: {
    title: 'pages of resellers that pass Google’s list prices on; the official page was not seen',
    seenOn: '2026-11-30',
    confidence: 'reported',
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;

export function factSource(name: SourceName): Source {
  return SOURCES[name];
}

/** A source in a sentence: what it is, when it was seen, and how sure it is where that is not Google's own word. */
export function sourceText(name: SourceName): string {
  const { title, seenOn, confidence } = factSource(name);
  return `${title}, ${seenOn}${confidence === 'documented' ? '' : ` (${confidence})`}`;
}

/** Ours: a source that was seen longer ago than this is marked, so that somebody looks again. */
export const STALE_AFTER_DAYS = 90;

/** Days from the day on which a source was seen to another. */
export function ageInDays(name: SourceName, today: string): number {
  return daysBetween(factSource(name).seenOn, today);
}

/** Whole days between two ISO 8601 days; negative when the second one is earlier. */
export function daysBetween(first: string, second: string): number {
  return Math.round((Date.parse(second) - Date.parse(first)) / 86_400_000);
}

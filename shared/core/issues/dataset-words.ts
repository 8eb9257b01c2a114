/** Words that several issues of data sets have. */

/** A number with what is counted. */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;

/** The guide's chapter on how rows look. */
export const GUIDE_FORMAT = 'guide, "Dataset format"';

/** Google's page on Gemini tuning, of 2026-09-25. */
export const SFT_PAGE = 'Google Cloud, "Tune Gemini models by using supervised fine-tuning"';

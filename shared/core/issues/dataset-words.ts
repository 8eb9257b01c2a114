/** Words that several issues of data sets have. */

/** Where an example is that another one is held against: on its line, or in its record where several may be on a line. */
export interface FirstPlace {
  firstLine?: number | undefined;
  firstRecord?: number | undefined;
}

/** `line 5`, or `record 5`. */
export const firstPlace = ({ firstLine, firstRecord }: FirstPlace) =>
  firstRecord === undefined ? `line ${firstLine}` : `record ${firstRecord}`;

/** `on line 5`, or `in record 5`. */
export const atFirstPlace = (place: FirstPlace) =>
  `${place.firstRecord === undefined ? 'on' : 'in'} ${firstPlace(place)}`;

/** A number with what is counted. */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;

/** The guide's chapter on how rows look. */
export const GUIDE_FORMAT = 'guide, "Dataset format"';

/** Google's page on Gemini tuning, of 2026-09-25. */
export const SFT_PAGE = 'Google Cloud, "Tune Gemini models by using supervised fine-tuning"';

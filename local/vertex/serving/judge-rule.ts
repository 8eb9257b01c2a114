/** What stands in for a judge: the small model cannot say which of two answers is better, so that a rule does, under its own name. */
import { isJsonObject, type Json } from '../http/json.ts';

/** Stands where the real service names the version of the model that has answered. */
export const JUDGE_RULE =
  'a rule of the embedded cloud and no model: nearer to the expected answer by runs of three characters';

/** How tunedrop asks: each text between two parts of its own, such as `<A-abc>` and `</A-abc>`. */
const TAG = /^<(expected|A|B)-[a-z2-7]+>$/;

/** The verdict as the model would write it; undefined where nobody asks for one. */
export function verdictByRule(body: Json): string | undefined {
  if (!isJsonObject(body) || !isVerdictAsked(body.generationConfig)) return undefined;
  const texts = partTexts(body.contents);
  const between = (name: string) => {
    const from = texts.findIndex((text) => TAG.exec(text)?.[1] === name);
    const to = texts.indexOf(`</${texts[from]?.slice(1)}`, from);
    return from < 0 || to < 0 ? undefined : texts.slice(from + 1, to).join('\n');
  };
  const [expected, a, b] = [between('expected'), between('A'), between('B')];
  if (expected === undefined || a === undefined || b === undefined) return undefined;
  const difference = nearness(expected, a) - nearness(expected, b);
  return JSON.stringify({ better: difference === 0 ? 'TIE' : difference > 0 ? 'A' : 'B' });
}

function isVerdictAsked(config: Json | undefined): boolean {
  const { responseSchema }: { responseSchema?: Json | undefined } = isJsonObject(config) ? config : {};
  return JSON.stringify(responseSchema ?? null).includes('"enum":["A","B","TIE"]');
}

function partTexts(contents: Json | undefined): string[] {
  return (Array.isArray(contents) ? contents : []).flatMap((content) => {
    const parts = isJsonObject(content) && Array.isArray(content.parts) ? content.parts : [];
    return parts.map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''));
  });
}

/** Twice what both share by what both have, 0 to 1: the coefficient of Dice over runs of three characters. */
function nearness(expected: string, answer: string): number {
  const [wanted, found] = [runsOf(expected), runsOf(answer)];
  const left = new Map<string, number>();
  for (const run of wanted) left.set(run, (left.get(run) ?? 0) + 1);
  let shared = 0;
  for (const run of found) {
    const count = left.get(run) ?? 0;
    if (count > 0) shared += 1;
    left.set(run, count - 1);
  }
  return (2 * shared) / (wanted.length + found.length);
}

/** With a blank on either side, so that the shortest text has a run. */
function runsOf(text: string): string[] {
  const characters = Array.from(`  ${text.trim().replace(/\s+/gu, ' ').toLowerCase()} `);
  return characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
}

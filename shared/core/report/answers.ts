import { isCutPrompt, type Scored, scoreText } from '../evaluation/answers.ts';
import { outcomeText } from '../evaluation/judge/verdict.ts';
import { formatCount } from '../issues/numbers.ts';
import { type Html, html } from './html.ts';

/** Which answers are shown: filters that a style sheet obeys, since a report has no script. Their ids stand in style.ts. */
const FILTERS: readonly { id: string; title: string; isIn: (score: Scored['score']) => boolean }[] = [
  { id: 'all', title: 'all', isIn: () => true },
  { id: 'wrong', title: 'tuned wrong', isIn: ({ tuned }) => tuned < 1 },
  { id: 'gained', title: 'tuned better', isIn: ({ tuned, base }) => base !== undefined && tuned > base },
  { id: 'lost', title: 'base better', isIn: ({ tuned, base }) => base !== undefined && tuned < base },
];

/** All answers as a table that can be filtered without a server. */
export function renderAnswers(answers: readonly Scored[]): Html {
  const filters = FILTERS.map(({ id, title, isIn }, index) => {
    const count = answers.filter(({ score }) => isIn(score)).length;
    return html`<label><input type="radio" name="answers" id="answers-${id}"${index === 0 && html` checked`}>${title} (${formatCount(count)})</label>`;
  });
  const isJudged = answers.some(({ judge }) => judge !== undefined);
  const start = sharedStart(answers.map(({ prompt }) => prompt).filter((prompt) => !isCutPrompt(prompt)));
  const rest = answers.map((answer) => ({ ...answer, prompt: withoutStart(answer.prompt, start) }));
  return html`<h3>Every answer</h3>
${start !== '' && html`<p class="soft small">${answers.some(({ prompt }) => isCutPrompt(prompt)) ? 'All prompts whose beginning is kept begin' : 'All prompts begin'}: <bdi>${cut(start)}</bdi></p>`}
<div class="answers">
<fieldset><legend class="soft small">Show</legend>${filters}</fieldset>
<div class="scroll"><table class="stack"><thead><tr><th scope="col">Line</th><th scope="col">End of the prompt</th><th scope="col">Expected</th><th scope="col">Tuned</th><th scope="col">Base</th>${isJudged && html`<th scope="col">Judge</th>`}</tr></thead><tbody>${rest.map((answer) => answerRow(answer, isJudged))}</tbody></table></div>
</div>`;
}

/** Shorter ones are not worth a line of their own. */
const LEAST_SHARED = 40;

/** What all prompts begin with, in whole words; empty where that is little, or all of one. */
function sharedStart([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const prompt of others) {
    while (!prompt.startsWith(first.slice(0, length))) length -= 1;
  }
  const words = /^.*\s/su.exec(first.slice(0, length))?.[0] ?? '';
  return others.length === 0 || words.length < LEAST_SHARED ? '' : words;
}

const withoutStart = (prompt: string, start: string) =>
  start === '' || isCutPrompt(prompt) ? prompt : `… ${prompt.slice(start.length)}`;

function answerRow({ line, prompt, expected, tuned, base, score, judge }: Scored, isJudged: boolean): Html {
  const kinds = FILTERS.filter(({ isIn }) => isIn(score)).map(({ id }) => `is-${id}`);
  return html`<tr class="${kinds.join(' ')}"><td data-label="Line">${line}</td><td data-label="Prompt"><bdi>${cut(prompt)}</bdi></td><td data-label="Expected"><bdi>${cut(expected)}</bdi></td><td data-label="Tuned">${answerCell(tuned, score.tuned)}</td><td data-label="Base">${base !== undefined && answerCell(base, score.base ?? 0)}</td>${isJudged && html`<td data-label="Judge">${judge && outcomeText(judge)}</td>`}</tr>`;
}

function answerCell(text: string, score: number): Html {
  const tone = score === 1 ? 'good' : score === 0 ? 'bad' : 'wait';
  const shown = text.trim() === '' ? html`<span class="soft">nothing</span>` : html`<bdi>${cut(text)}</bdi>`;
  return html`${shown} <span class="state ${tone}">${scoreText(score)}</span>`;
}

/** Characters of a text that a cell has room for. */
const MOST = 500;

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST ? text : `${characters.slice(0, MOST).join('')} …`;
}

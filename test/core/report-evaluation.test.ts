import { describe, expect, test } from 'vitest';
import { endOfPrompt, type Scored } from '../../shared/core/evaluation/answers.ts';
import { compareAnswers } from '../../shared/core/evaluation/comparison.ts';
import { judgementOf } from '../../shared/core/evaluation/judge/judgement.ts';
import type { EvaluationStatus } from '../../shared/core/evaluation/status.ts';
import { renderReport } from '../../shared/core/report/report.ts';
import type { Run } from '../../shared/core/run/run.ts';
import { aSucceededRun } from './report-samples.ts';

const LABELS = ['Surgery', 'Urology', 'Radiology'];

/** Thirty answers: the tuned model is wrong on every fifth, its base right on every tenth. */
const ANSWERS: Scored[] = Array.from({ length: 30 }, (_, index) => {
  const expected = LABELS[index % 3] ?? '';
  const [isRight, isBaseRight] = [index % 5 !== 4, index % 10 === 4];
  return {
    ...{ line: index + 1, prompt: `the end of prompt ${index + 1} <b>`, expected },
    ...{ tuned: isRight ? expected : 'Dentistry', base: isBaseRight ? expected : 'so so' },
    score: { tuned: Number(isRight), base: Number(isBaseRight) },
  };
});

const DONE: EvaluationStatus = (() => {
  const found = compareAnswers({ task: 'classification', answers: ANSWERS });
  return {
    ...found,
    state: 'DONE',
    reason: 'Compared',
    message: found.sentence,
    answersFile: 'gs://r/answers.jsonl',
  };
})();

function reportOf(evaluation: EvaluationStatus | undefined, answers?: Scored[]): string {
  const run: Run = aSucceededRun();
  return renderReport({ run: { ...run, status: { ...run.status, evaluation } }, series: [], answers });
}

const textOf = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the report of a run whose model was evaluated', () => {
  test('begins with the answer: is it better?', () => {
    const page = reportOf(DONE, ANSWERS);
    expect(DONE.sentence).toMatch(/^The tuned model is better than its base by /);
    expect(page.indexOf(`<p class="better">${DONE.sentence}`)).toBeGreaterThan(0);
    expect(page.indexOf('class="better"')).toBeLessThan(page.indexOf('class="lead"'));
    expect(page.indexOf('id="evaluation"')).toBeLessThan(page.indexOf('id="outcome"'));
  });

  test('has tuned, base and the commonest label beside each other, each label, and what was taken for what', () => {
    const text = textOf(reportOf(DONE, ANSWERS));
    expect(text).toMatch(/Tuned model 80 % .* Base model 10 % .* Always the commonest label 33\.3 %/);
    expect(text).toContain('Each label, by the tuned model');
    expect(text).toContain('Shown are the labels that at least 3 examples have');
    expect(text).toMatch(/What the tuned model took for what .* something else 2/);
    expect(text).toContain('gs://r/answers.jsonl');
  });

  test('says once what all prompts begin with', () => {
    const instruction = 'Classify the record into one of these: [Surgery, Urology, Radiology]';
    const asked = ANSWERS.map((answer, index) => ({ ...answer, prompt: `${instruction} case ${index}` }));
    const text = textOf(reportOf(DONE, asked));
    expect(text.split(instruction)).toHaveLength(2);
    expect(text).toContain(`All prompts begin: ${instruction} case`);
    expect(text).toMatch(/… 29 /);
    expect(textOf(reportOf(DONE, ANSWERS))).not.toContain('All prompts begin');
    const long = asked.map((answer, index) =>
      index === 7 ? { ...answer, prompt: endOfPrompt(`${instruction} ${'word '.repeat(100)}`) } : answer,
    );
    const ofLong = textOf(reportOf(DONE, long));
    expect(ofLong).toContain(`All prompts whose beginning is kept begin: ${instruction} case`);
    expect(ofLong.split(instruction)).toHaveLength(2);
  });

  test('has every answer, right or wrong, which a style sheet alone filters', () => {
    const page = reportOf(DONE, ANSWERS);
    expect(page.match(/<tr class="is-all/g)).toHaveLength(30);
    expect(page.match(/<tr class="[^"]*is-wrong/g)).toHaveLength(6);
    expect(page).not.toContain('<script');
    expect(page).toContain('.answers td bdi { white-space: pre-wrap; }');
    for (const [, id = ''] of page.matchAll(/id="answers-(\w+)"/g))
      if (id !== 'all')
        expect(page).toContain(`.answers:has(#answers-${id}:checked) tbody tr:not(.is-${id})`);
    expect(textOf(page)).toMatch(/all \(30\) tuned wrong \(6\) tuned better \(24\) base better \(3\)/);
    expect(page).toContain('the end of prompt 1 &lt;b&gt;');
  });

  test('has no text of an example where the deployment shows none', () => {
    const page = reportOf(DONE);
    expect(page).toContain(DONE.sentence);
    expect(page).not.toContain('the end of prompt');
    expect(page).not.toContain('Dentistry');
    expect(page).not.toContain('Every answer');
  });

  test.each<EvaluationStatus>([
    { state: 'PLANNED', reason: 'AfterSuccess', message: 'Once it is tuned.' },
    { state: 'LEFT_OUT', reason: 'NoEvaluationData', message: 'There is none.', remedy: 'Add some.' },
    { state: 'FAILED', reason: 'QuotaExceeded', message: 'The quota is used up.' },
  ])('says why nothing is compared: $state', (evaluation) => {
    const text = textOf(reportOf(evaluation));
    expect(text).toContain(`Is it better? ${evaluation.message}`);
    if (evaluation.remedy) expect(text).toContain(evaluation.remedy);
  });

  test('has no such section where nothing is known of an evaluation', () => {
    expect(reportOf(undefined)).not.toContain('Is it better?');
  });
});

test('the table of checkpoints has what each answered, where they were asked, and where the best of them does', () => {
  const measured = (value: number) => ({ value, low: value, high: value });
  const others = (id: string, value: number) => ({ id, value: measured(value), difference: measured(0.1) });
  const evaluation: EvaluationStatus = {
    ...{ state: 'DONE', reason: 'Compared', message: '', tuned: measured(0.5) },
    checkpoints: [others('1', 0.6), others('3', 0.4)],
    bestCheckpoint: { id: '1', endpoint: 'projects/1/locations/us/endpoints/5' },
  };
  const result = {
    bestCheckpoint: '2',
    checkpoints: [
      { id: '1', step: 10, evaluationLoss: 0.5, evaluationStep: 8, endpoint: 'endpoints/5' },
      { id: '2', step: 20, evaluationLoss: 0.25, evaluationStep: 20, endpoint: 'endpoints/6' },
    ],
  };
  const run = aSucceededRun();
  const status = { ...run.status, result, evaluation, endpoint: 'endpoints/6' };
  const text = textOf(renderReport({ run: { ...run, status }, series: [] }));
  expect(text).toMatch(/at step 8 60 % best answers endpoints\/5/);
  expect(text).toMatch(/at step 20 50 % best endpoints\/6/);
  expect(text).toMatch(
    /The checkpoint that answers best answers under\s+projects\/1\/locations\/us\/endpoints\/5/,
  );
});

describe('the report of a run whose answers were judged', () => {
  const JUDGED = ANSWERS.map((answer, index): Scored => {
    const outcome = index % 3 === 0 ? 'disagreement' : 'tuned';
    return { ...answer, judge: index === 1 ? { outcome: 'tie', isSame: true } : { outcome } };
  });
  const judge = {
    ...{ model: 'gemini-2.5-pro', state: 'DONE' as const, usd: 0.1 },
    ...judgementOf(
      JUDGED.map(({ line, judge: verdict }) => ({ line, outcome: 'tie' as const, ...verdict })),
      'gemini-2.5-pro',
    ),
    answeredBy: 'a rule',
  };

  test('says beside what was measured whom the judge prefers, how surely, and in which answers', () => {
    const page = reportOf({ ...DONE, judge, usd: 0.2 }, JUDGED);
    const text = textOf(page);
    expect(page).toContain(`<p class="better">${DONE.sentence} ${judge.sentence}`);
    expect(text).toMatch(
      /What the judge prefers Tuned model preferred 63\.3 % .* Base model preferred 0 % .* Neither 3\.3 % .* Changed with the order 33\.3 %/,
    );
    expect(text).toContain('Judge gemini-2.5-pro; what answered: a rule');
    expect(text).toContain('Cost of answers and verdicts 0.20 USD');
    expect(text).toMatch(/Base Judge 1 .* changed with the order 2 .* the same answer 3 .* tuned is better/);
  });

  test('says why a judge said nothing', () => {
    const failed = { model: 'gemini-2.5-pro', state: 'FAILED' as const, message: 'It is not there.' };
    const text = textOf(reportOf({ ...DONE, judge: failed }, ANSWERS));
    expect(text).toContain('Judge gemini-2.5-pro: It is not there.');
    expect(text).not.toContain('What the judge prefers');
    expect(text).not.toMatch(/Tuned Base Judge/);
  });
});

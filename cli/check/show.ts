import type { TokenStatistics } from '../../shared/core/dataset/statistics.ts';
import { formatCount } from '../../shared/core/issues/numbers.ts';
import { issuesText } from '../command-line/issues.ts';
import { alignRows, countOf } from '../command-line/text.ts';
import type { FolderCheck } from '../folder/check-folder.ts';
import { AT_UPLOAD, notCheckedIn } from '../folder/not-checked.ts';
import { planLines } from '../plan/summary.ts';

type Statistics = NonNullable<FolderCheck['datasets'][keyof FolderCheck['datasets']]>;

/** The whole check as people read it. */
export function showCheck(checked: FolderCheck, { areAllShown }: { areAllShown: boolean }): string {
  const sections = [
    issuesText(checked, areAllShown ? undefined : { rest: '--all shows them' }),
    section('Data sets', datasetLines(checked)),
    section('Plan', checkPlanLines(checked)),
    [...notCheckedIn(checked), AT_UPLOAD].map(({ why }) => why).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n');
}

function datasetLines({ datasets }: FolderCheck): string[] {
  return alignRows(
    Object.entries(datasets).flatMap(([key, statistics]) =>
      statistics ? [[key, datasetText(statistics)]] : [],
    ),
  );
}

function datasetText(statistics: Statistics): string {
  const { examples, unusableExamples, bytes } = statistics;
  const isText = 'tokens' in statistics;
  const leftOut = (isText && statistics.leftOutExamples) || 0;
  const aside = [
    ...(unusableExamples > 0 ? [`${formatCount(unusableExamples)} unusable`] : []),
    ...(leftOut > 0 ? [`${formatCount(leftOut)} left out`] : []),
  ];
  const counted = aside.length > 0 ? ` (${aside.join(', ')})` : '';
  const parts = [`${countOf(examples, isText ? 'example' : 'record')}${counted}`, countOf(bytes, 'byte')];
  return [...parts, ...(isText ? [tokensText(statistics.tokens)] : [])].join(', ');
}

function tokensText({ counted, total: { low, high } }: TokenStatistics): string {
  if (counted) {
    const tokens = countOf(counted.input.estimate + counted.output.estimate, 'token');
    return counted.isExact ? tokens : `${tokens}, from a sample`;
  }
  return `${formatCount(low)} to ${countOf(high, 'token')} by estimate`;
}

function checkPlanLines(checked: FolderCheck): string[] {
  const { plan, isCancel, issueCount } = checked;
  if (isCancel)
    return ['  tune.json asks for its unfinished runs to be cancelled; nothing else in it is read.'];
  if (plan) return planLines(plan, checked);
  return issueCount.error > 0 ? ['  None: tune.json has errors.'] : [];
}

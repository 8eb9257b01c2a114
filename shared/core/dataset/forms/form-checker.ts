/** Examples in another form than the model takes: read, held against the limits as they will be written, and what that loses. */

import { BOOKKEEPING } from '../../issues/bookkeeping.ts';
import { shownKey } from '../../json/line.ts';
import { countKeys } from '../../json/values.ts';
import { fileKindOf } from '../../models/file-kinds.ts';
import type { Task } from '../../models/limits.ts';
import { type ExampleChecker, type ExampleTools, PLAIN_DEPTH } from '../formats/example-checker.ts';
import type { MayRead } from '../formats/turns/contents.ts';
import { checkFileCounts, createFileParts } from '../formats/turns/file-parts.ts';
import { END_OF_TEXT } from '../formats/turns/measure.ts';
import type { ExampleFormat } from '../limits.ts';
import type { FileProgress } from '../lines/progress.ts';
import type { Reporter } from '../lines/reporter.ts';
import type { ProvedFormat } from '../scan/proved-lines.ts';
import { createProvedTurns } from '../scan/turns.ts';
import { createInstructionTally } from '../tallies/instructions.ts';
import { createJudgements } from '../tallies/judgements.ts';
import { createLabelTally } from '../tallies/labels.ts';
import { createMarkedExamples } from '../tallies/marked-examples.ts';
import type { FilePart } from '../tallies/named-files.ts';
import { createPlacesTally } from '../tallies/places.ts';
import { createRoundsTally } from '../tallies/rounds.ts';
import { createSharedInstruction } from '../tallies/shared-instruction.ts';
import { withDefault } from './convert.ts';
import { type Example, hasUnansweredCall, joined, textsOfTurn } from './example.ts';
import { createExampleMeasure } from './example-measure.ts';
import type { Form, FormReading } from './form.ts';
import { LAYOUTS } from './layouts.ts';
import { createLossTally, fitExample, type LossTally } from './losses.ts';
import type { FormName } from './names.ts';
import { formOfRecord } from './recognise.ts';
import { FORMS } from './table.ts';
import type { TargetForm } from './target.ts';

export interface FormCheckerOptions {
  form: FormName;
  target: TargetForm;
  task: Task | undefined;
  defaultContext?: string | undefined;
  mayRead?: MayRead | undefined;
}

export interface FormChecker extends ExampleChecker {
  losses: LossTally;
}

/** Makes the checker of one data set that is converted. */
export function createFormChecker(tools: ExampleTools, options: FormCheckerOptions): FormChecker {
  const { report, progress, extras } = tools;
  const { target, task, defaultContext } = options;
  const form = FORMS[options.form];
  const tallies = createTallies(task, progress);
  const { labels, instructions, shared } = tallies;
  const fileParts = createFileParts(tools, options.mayRead);
  const losses = createLossTally(progress);
  const beginningBytes = instructions.bytes;
  const measure = createExampleMeasure(tools, { target, path: form.path, beginningBytes, defaultContext });
  // A chat model of the guide has the default in its job, and not in its examples.
  const written = target.form === 'messages' ? undefined : defaultContext;
  let label: string | undefined;
  let isLeftOut = false;
  const blanks = createHeldBlanks(report);
  const reading = createReading(blanks.report, { extras, losses });

  function checkFitted(fitted: Example): void {
    const files = filesOf(fitted, form.path);
    fileParts.check(files);
    checkFileCounts(files, report);
    if (isAnswerBlank(fitted)) {
      if (!blanks.refuseLast()) report('field_empty', {}, { path: form.path });
      return;
    }
    if (!checkOrder(fitted, form, tools)) return;
    noteFitted(fitted, tallies);
    measure.add(fitted);
    shared.add(joined(fitted.system ?? []), joined(firstAsked(fitted)));
    label = textsOfTurn(answerOf(fitted)).join('');
  }

  return {
    losses,
    isExpectedFormat: (record) => formOfRecord(record) === options.form,
    check(record) {
      [label, isLeftOut] = [undefined, false];
      const example = form.read(record, reading);
      if (example) {
        noteRead(example, form, tallies);
        const fitted = fitExample(withDefault(example, written), target.takes, losses.add);
        isLeftOut = fitted === undefined;
        if (fitted) checkFitted(fitted);
      }
      blanks.release();
      return countKeys(record, PLAIN_DEPTH) ?? 'unknown';
    },
    accept() {
      if (isLeftOut) noteLeftOut(progress);
      if (label === undefined) return;
      instructions.add(measure.beginning, progress.line);
      labels.add(label, progress.line, progress.record);
      label = undefined;
    },
    statistics: () => ({
      labels: labels.statistics(),
      sharedInstruction: shared.summary(),
      files: fileParts.named.statistics(),
      chat: measure.chat(),
    }),
    reportWhole: () => reportTallies(tallies, tools, { losses, target }),
    isMistaken: () => tallies.judgements.told !== undefined,
    files: fileParts.named,
    knownLabels: labels.known,
    countProved: () => provedFormat(tools, options, tallies),
  };
}

const createTallies = (task: Task | undefined, progress: FileProgress) => ({
  rounds: createRoundsTally(progress),
  places: createPlacesTally(),
  cut: createMarkedExamples(progress, 'answer_cut'),
  unanswered: createMarkedExamples(progress, 'call_unanswered'),
  labels: createLabelTally(task === 'classification'),
  instructions: createInstructionTally(task),
  shared: createSharedInstruction(),
  judgements: createJudgements(),
});

/** Counts what shows over many examples that they are read in another way than they are meant. */
function noteRead(example: Example, form: Form, tallies: ReturnType<typeof createTallies>): void {
  const { rounds, places, judgements } = tallies;
  if (example.judgement) judgements.add(example.judgement, textsOfTurn(answerOf(example)).join(''));
  if (example.choice) places.add(example.choice.place, example.choice.of);
  if (form.hasWordsAsMarks) rounds.add(roundsIn(example));
}

/** Counts what the model would learn besides what is meant. */
function noteFitted(fitted: Example, { cut, unanswered }: ReturnType<typeof createTallies>): void {
  if (fitted.isCut) cut.add();
  if (hasUnansweredCall(fitted)) unanswered.add();
}

/** Tells what only the whole file shows. */
function reportTallies(
  tallies: ReturnType<typeof createTallies>,
  { report, role }: Pick<ExampleTools, 'report' | 'role'>,
  { losses, target }: { losses: LossTally; target: TargetForm },
): void {
  const { labels, instructions, rounds, places, cut, unanswered, judgements } = tallies;
  for (const tally of [rounds, places, cut, unanswered, judgements]) tally.reportAll(report);
  if (judgements.told !== undefined) losses.leaveOut(shownKey(judgements.told));
  if (role !== 'training' || target.form === 'preference') return;
  instructions.reportAll(report, labels.statistics()?.distinct);
  labels.reportAll(report);
}

/** Forms that have a place for every turn, and a limit for all of them together. */
const OF_WHOLE_EXAMPLES: readonly ExampleFormat[] = ['contents', 'chat_messages'];

/** What counts the lines that lose nothing and get nothing by being written in the other form. */
function provedFormat(
  { measures, progress, extras }: ExampleTools,
  { form, target, defaultContext }: FormCheckerOptions,
  tallies: ReturnType<typeof createTallies>,
): ProvedFormat | undefined {
  const layout = LAYOUTS[form];
  if (!layout || defaultContext || !OF_WHOLE_EXAMPLES.includes(target.form)) return undefined;
  return createProvedTurns({ ...measures, progress, extras, ...tallies }, { layout, mark: END_OF_TEXT });
}

function createReading(
  report: Reporter,
  { extras, losses }: Pick<ExampleTools, 'extras'> & { losses: LossTally },
): FormReading {
  return {
    report,
    onUnused(field, place) {
      if (place === '' && BOOKKEEPING.includes(field)) extras.note({ [field]: '' }, []);
      else losses.add('fields', place + shownKey(field));
    },
  };
}

/** The copy has no such example: counted there, the next one takes its number. */
function noteLeftOut(progress: FileProgress): void {
  progress.leftOut += 1;
  progress.blanks.add(progress.line);
}

const roundsIn = ({ turns }: Example) => turns.filter(({ role }) => role === 'user').length;

const answerOf = ({ pair, turns }: Example) => pair?.better ?? turns.at(-1) ?? { parts: [] };

function firstAsked({ turns }: Example): string[] {
  const first = turns.find(({ role }) => role === 'user');
  return first ? textsOfTurn(first) : [];
}

function filesOf({ turns }: Example, path: string): FilePart[] {
  return turns.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      const kind = part.kind === 'file' ? fileKindOf(part.mimeType) : undefined;
      return part.kind === 'file' && kind ? [{ uri: part.uri, kind, path }] : [];
    }),
  );
}

/** There is something to answer, and the last word is the model's; of a preference it is the user's. */
function checkOrder({ turns, pair }: Example, { path }: Form, { report }: ExampleTools): boolean {
  const last = turns.at(-1);
  if (pair) {
    if (last?.role !== 'user') report('last_turn_not_user', {}, { path });
    if (textsOfTurn(pair.better).join('') === textsOfTurn(pair.worse).join('')) {
      report('completions_alike', {}, { path });
    }
    return last?.role === 'user';
  }
  const hasUser = turns.some(({ role }) => role === 'user');
  if (!hasUser) report('turns_without_user', {}, { path });
  if (last?.role !== 'model') report('last_turn_not_model', {}, { path });
  return hasUser && last?.role === 'model';
}

const isAnswerBlank = ({ turns, pair }: Example) => {
  const last = turns.at(-1);
  return pair === undefined && last?.role === 'model' && textsOfTurn(last).join('').trim() === '';
};

/** Fields of an example that hold nothing to read: of a question that is a warning, an answer teaches nothing then. */
function createHeldBlanks(report: Reporter) {
  let held: Parameters<Reporter>[] = [];
  const holding: Reporter = (code, fields, where) => {
    if (code === 'field_blank') held.push([code, fields, where]);
    else report(code, fields, where);
  };
  return {
    report: holding,
    /** The last one is the answer: the end of an example. Whether there is one. */
    refuseLast(): boolean {
      const last = held.pop();
      if (last) report(last[0], last[1], { ...last[2], severity: 'error' });
      return last !== undefined;
    },
    release(): void {
      for (const blank of held) report(...blank);
      held = [];
    },
  };
}

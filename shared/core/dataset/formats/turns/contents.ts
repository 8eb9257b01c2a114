/** Examples of Gemini models: `{"systemInstruction"?, "contents": [{"role", "parts"}], "tools"?}`. */
import { speakerFound } from '../../../issues/speakers.ts';
import { countKeys, isObject, type ParsedObject, typeName } from '../../../json/values.ts';
import type { Task } from '../../../models/limits.ts';
import type { GeminiTraits } from '../../../models/tuning-models.ts';
import type { Reporter } from '../../lines/reporter.ts';
import { CONTENTS_LAYOUT } from '../../scan/layouts.ts';
import { createProvedTurns } from '../../scan/turns.ts';
import { createInstructionTally } from '../../tallies/instructions.ts';
import { createLabelTally } from '../../tallies/labels.ts';
import type { FilePart } from '../../tallies/named-files.ts';
import { createSharedInstruction } from '../../tallies/shared-instruction.ts';
import { type ExampleChecker, type ExampleTools, PLAIN_DEPTH } from '../example-checker.ts';
import { checkTurns } from '../fields.ts';
import { checkFileCounts, createFileParts } from './file-parts.ts';
import { createTurnMeasure, END_OF_TEXT, type TurnTexts } from './measure.ts';
import { member, notePartFields, readParts, toolTexts } from './parts.ts';
import { createTraitCheck } from './traits.ts';

const KNOWN = [
  ...['contents', 'systemInstruction', 'system_instruction', 'tools'],
  ...['generationConfig', 'generation_config', 'labels'],
];

/** A content that answers a function call may have no role, and has "function" in examples of others than Google. */
const ROLES: Readonly<Record<string, 'user' | 'model'>> = {
  user: 'user',
  model: 'model',
  function: 'user',
};
/** Open models and others have another name for the model; where examples are written in another form, both are the same. */
export const ROLES_OF_OTHERS = { ...ROLES, assistant: 'model' } as const;

type Roles = typeof ROLES;

/** Who may be read: the inbox, and what the deployment lists. */
export type MayRead = (uri: string) => boolean;

export interface ContentsOptions {
  task: Task | undefined;
  /** Whether files that examples name may be read by the job. */
  mayRead?: MayRead | undefined;
  traits?: GeminiTraits | undefined;
}

interface Turn {
  role: 'user' | 'model';
  texts: string[];
}

/** Makes the checker of one data set. */
export function createContentsChecker(
  tools: ExampleTools,
  { task, mayRead, traits }: ContentsOptions,
): ExampleChecker {
  const { report, progress, role, extras } = tools;
  const labels = createLabelTally(task === 'classification');
  const instructions = createInstructionTally(task);
  const shared = createSharedInstruction();
  const fileParts = createFileParts(tools, mayRead);
  const traitCheck = createTraitCheck(tools, traits);
  const beginningBytes = instructions.bytes;
  const measure = createTurnMeasure(tools.measures, { progress, path: 'contents', beginningBytes });
  let label: string | undefined;

  return {
    isExpectedFormat: ({ contents, completions }) => Array.isArray(contents) && completions === undefined,
    check(example) {
      label = undefined;
      const read = readTurns(example, report);
      if (read.firstThought) report('part_thought', {}, { path: read.firstThought });
      if (read.areSound) notePartFields(example, extras);
      fileParts.check(read.files);
      checkFileCounts(read.files, report);
      traitCheck.check(example, read);
      if (read.areSound && checkOrder(read.turns, report)) {
        const texts = textsOf(read, example);
        measure.add(texts);
        shared.add(...instructionOf(read));
        label = texts.output.join('');
      }
      if (Object.keys(example).some((key) => !KNOWN.includes(key))) extras.note(example, KNOWN);
      return countKeys(example, PLAIN_DEPTH) ?? 'unknown';
    },
    accept() {
      if (label === undefined) return;
      instructions.add(measure.beginning, progress.line);
      labels.add(label, progress.line, progress.record);
      label = undefined;
    },
    statistics() {
      const files = fileParts.named.statistics();
      return { labels: labels.statistics(), sharedInstruction: shared.summary(), files };
    },
    reportWhole() {
      if (role === 'evaluation') return;
      instructions.reportAll(report, labels.statistics()?.distinct);
      labels.reportAll(report);
    },
    files: fileParts.named,
    knownLabels: labels.known,
    countProved() {
      const tallies = { ...tools.measures, progress, labels, instructions, shared, extras };
      return createProvedTurns(tallies, { layout: CONTENTS_LAYOUT, mark: END_OF_TEXT, areEmptyTold: true });
    },
  };
}

/** An example as its turns were read. */
export interface TurnsRead {
  system: string[];
  turns: Turn[];
  files: FilePart[];
  /** Paths of the first call of a function, of the first part with a resolution of its own, and of the first thought. */
  firstCall?: string | undefined;
  firstResolution?: string | undefined;
  firstThought?: string | undefined;
  areSound: boolean;
}

/** Reads the turns of one example; reports what is wrong with each of them. */
export function readTurns(example: ParsedObject, report: Reporter, roles: Roles = ROLES): TurnsRead {
  const system = readSystem(example, report);
  const read: TurnsRead = { system: system.texts, turns: [], files: [], areSound: system.areSound };
  const contents = checkTurns(example, 'contents', report);
  if (!contents) return { ...read, areSound: false };
  contents.forEach((content, index) => {
    const turn = readContent(content, `contents[${index}]`, { report, roles, read });
    if (turn) read.turns.push(turn);
    else read.areSound = false;
  });
  return read;
}

function readSystem(example: ParsedObject, report: Reporter): { texts: string[]; areSound: boolean } {
  const system = member(example, 'systemInstruction', 'system_instruction');
  if (system === undefined || system === null) return { texts: [], areSound: true };
  const path = 'systemInstruction';
  // A text alone is not what the page shows; the service's own type is a content.
  if (!isObject(system)) {
    report(
      'field_wrong_type',
      { expected: 'a content: {"parts": [{"text"}]}', type: typeName(system) },
      { path },
    );
    return { texts: [], areSound: false };
  }
  const { texts, files, areSound } = readParts(system.parts, `${path}.parts`, report);
  if (files.length > 0) report('system_not_text', {}, { path });
  return { texts, areSound: areSound && files.length === 0 };
}

function readContent(
  content: unknown,
  path: string,
  { report, roles, read }: { report: Reporter; roles: Roles; read: TurnsRead },
): Turn | undefined {
  if (!isObject(content)) {
    report(
      'field_wrong_type',
      { expected: 'an object with "role" and "parts"', type: typeName(content) },
      { path },
    );
    return undefined;
  }
  const parts = readParts(content.parts, `${path}.parts`, report);
  read.files.push(...parts.files);
  read.firstCall ??= parts.firstCall;
  read.firstResolution ??= parts.firstResolution;
  read.firstThought ??= parts.firstThought;
  const role = roleOf(content, `${path}.role`, { report, roles });
  return parts.areSound && role ? { role, texts: parts.texts } : undefined;
}

function roleOf(
  { role, parts }: ParsedObject,
  path: string,
  { report, roles }: { report: Reporter; roles: Roles },
): Turn['role'] | undefined {
  const isAnswer = Array.isArray(parts) && isObject(parts[0]) && isResponse(parts[0]);
  if (role === undefined && isAnswer) return 'user';
  const known = typeof role === 'string' && Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (known === undefined) {
    const found = speakerFound(role, { user: 'user', model: 'model' });
    report('role_unknown', { ...found, allowed: '"user" or "model"' }, { path });
  }
  return known;
}

const isResponse = (part: ParsedObject) =>
  member(part, 'functionResponse', 'function_response') !== undefined;

/** There is something to answer, and the last word is the model's. */
function checkOrder(turns: readonly Turn[], report: Reporter): boolean {
  const last = turns.length - 1;
  const hasUser = turns.some(({ role }) => role === 'user');
  if (!hasUser) report('turns_without_user', {}, { path: 'contents' });
  const answer = turns[last];
  if (answer?.role !== 'model') {
    report('last_turn_not_model', {}, { path: `contents[${last}].role` });
    return false;
  }
  if (answer.texts.join('').trim() === '') {
    report('field_empty', {}, { path: `contents[${last}].parts` });
    return false;
  }
  return hasUser;
}

/** The same words about another file, or with other functions, are another example. */
function textsOf({ system, turns, files }: TurnsRead, { tools }: ParsedObject): TurnTexts {
  const input = turns.slice(0, -1).flatMap(({ texts }) => texts);
  const uris = files.map(({ uri }) => uri);
  return { input: [...system, ...input, ...uris, ...toolTexts(tools)], output: turns.at(-1)?.texts ?? [] };
}

/** The system instruction, and what the user says first. Google's page: each part is a paragraph of its own. */
export function instructionOf({ system, turns }: TurnsRead): [system: string, prompt: string] {
  const first = turns.find(({ role }) => role === 'user');
  return [system.join('\n\n'), first?.texts.join('\n\n') ?? ''];
}

import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { modelNamed } from '../../shared/core/manifest/base-model.ts';
import type { Model } from '../../shared/core/models/models.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { issuesText, totalsText } from '../command-line/issues.ts';
import { checkFolder, type FolderCheck } from '../folder/check-folder.ts';
import { JSON_FLAG } from '../folder/flags.ts';
import { offlineLimits } from '../folder/limits.ts';
import { methodOf, modelFor, type Proposal, proposals, taskOf } from './propose.ts';
import { readDataFile } from './read-file.ts';

/** A manifest from a data file. */
export const init = defineCommand({
  call: 'npx tunedrop init',
  summary: 'Writes a tune.json beside a data file.',
  details: 'The form and the task are recognised; a model and settings are proposed.',
  operand: { value: 'FILE', noun: 'data file', problem: problemOfFile },
  flags: {
    model: {
      value: 'MODEL',
      help: 'base model, in place of the one that is proposed (npx tunedrop models lists them)',
      takes: 'a model of npx tunedrop models',
      read: (name: string) => modelNamed(name),
    },
    force: { help: 'writes over a tune.json that is there' },
    json: JSON_FLAG,
  },
  async carryOut({ operand: path, flags }, { stdout, stderr, today }) {
    const dir = dirname(path);
    const manifestPath = join(dir, 'tune.json');
    if (existsSync(manifestPath) && !flags.force) {
      stderr.write(`${manifestPath} is there already: --force writes over it.\n`);
      return EXIT.misuse;
    }
    const found = await readDataFile(path);
    if (found === undefined) {
      const told = await whatIsWrong(path, { today, base_model: flags.model?.reference });
      stderr.write(`${told}\n${FORMS_ARE_IN}\n`);
      return EXIT.failed;
    }
    const method = methodOf(found.form);
    const model = flags.model ?? modelFor(method, today);
    if (model === undefined || (method === 'preference' && !takesPreferences(model))) {
      stderr.write(
        `${path} has pairs of answers (${found.form}), and ${model?.reference ?? 'no model'} is not tuned on preferences.\n`,
      );
      return EXIT.failed;
    }
    const names = {
      file: basename(path),
      evaluationFile: evaluationBeside(path),
      name: basename(resolve(dir)),
    };
    const { manifest, checked } = await firstThatPasses(proposals(found, { model, ...names }), {
      dir,
      today,
    });
    const task = taskOf(found);
    const result = {
      file: path,
      form: found.form,
      container: found.container,
      task: task?.task ?? null,
      path: manifestPath,
    };
    stdout.write(
      flags.json
        ? `${JSON.stringify({ ...result, manifest, issueCount: checked.issueCount }, null, 2)}\n`
        : [
            `${path}: examples in the form ${found.form}${task === undefined ? '' : `; they look like ${task.task}, since ${task.because}`}.`,
            `${manifestPath}:`,
            JSON.stringify(manifest, null, 2),
            `npx tunedrop check ${dir}: ${totalsText(checked.issueCount)}`,
            '',
          ].join('\n'),
    );
    return checked.issueCount.error > 0 ? EXIT.failed : EXIT.ok;
  },
});

function problemOfFile(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 'does not exist';
  if (stat.isDirectory()) return 'is a folder: name the data file in it';
  return stat.size === 0 ? 'is empty' : undefined;
}

/** What a check would say of a file that is in no form, such as a table with other columns. */
async function whatIsWrong(
  path: string,
  {
    today,
    base_model = modelFor('supervised', today)?.reference,
  }: { today: string; base_model: string | undefined },
): Promise<string> {
  const manifest = Buffer.from(JSON.stringify({ base_model, dataset_uri: basename(path) }));
  const limits = offlineLimits({ region: 'us-central1', retiredModels: 'warn' });
  const checked = await checkFolder({ dir: dirname(path) }, { limits, today, manifest, isListLeftOut: true });
  return issuesText(checked);
}

const FORMS_ARE_IN =
  'All forms that are read are in docs/data-forms.md; the files of embedding models are in examples/banking-embedding.';

const takesPreferences = (model: Model) =>
  model.backend === 'tuningJobs' && model.methods.includes('preference');

/** A file of the same kind beside the data, whose name says that it is for the evaluation. */
function evaluationBeside(path: string): string | undefined {
  const own = basename(path);
  return readdirSync(dirname(path))
    .sort()
    .find(
      (name) =>
        name !== own &&
        extname(name) === extname(own) &&
        /(?:^|[._-])(?:eval|evaluation|valid|validation|dev|test)(?:[._-]|$)/i.test(name),
    );
}

/** Writes one manifest after the other until one has no errors; the last, whose errors are those of the data, stays. */
async function firstThatPasses(
  candidates: readonly Proposal[],
  { dir, today }: { dir: string; today: string },
): Promise<{ manifest: Proposal; checked: FolderCheck }> {
  const limits = offlineLimits({ region: 'us-central1', retiredModels: 'warn' });
  const [first = {}, ...others] = candidates;
  writeFileSync(join(dir, 'tune.json'), `${JSON.stringify(first, null, 2)}\n`);
  const checked = await checkFolder({ dir }, { limits, today, isListLeftOut: true });
  if (checked.issueCount.error === 0 || others.length === 0) return { manifest: first, checked };
  return firstThatPasses(others, { dir, today });
}

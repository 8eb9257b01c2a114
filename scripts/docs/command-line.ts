import type { Command } from '../../cli/command-line/command.ts';
import { EXIT_MEANINGS } from '../../cli/command-line/exit.ts';
import type { Flag } from '../../cli/command-line/flags.ts';
import { callOf, flagMeaning, flagWord } from '../../cli/command-line/help.ts';
import { COMMANDS } from '../../cli/commands.ts';
import { RUN_FACTS } from '../../cli/follow/facts.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

const commands: Command[] = await Promise.all(Object.values(COMMANDS).map((load) => load()));

export function renderCommandLine(): string {
  return pageText(
    heading('The command line', '`cli/commands.ts` and the flags of each command'),
    '`npx tunedrop COMMAND` in a checkout, or wherever the package is installed that `npm run package` makes. `COMMAND --help` says on one ' +
      'screen what follows here, `--version` which version it is. Results go to standard output, everything else to standard error; `--json` writes one JSON object and ' +
      'nothing else.',
    '## Which deployment',
    'Commands that ask a deployment log in with Google’s application default credentials (`gcloud auth application-default login`), and find it ' +
      'in this order: `--project`; the emulators that `STORAGE_EMULATOR_HOST` and `FIRESTORE_EMULATOR_HOST` name; `tunedrop.json` in the folder ' +
      'or above it; `GOOGLE_CLOUD_PROJECT`; the embedded cloud that `npm start` runs on this machine, which `--project tunedrop-local` names in ' +
      'any case. Their first line says which it is. `tunedrop.json` is an output of Terraform, and says project, region, buckets and database:',
    '```\nterraform -chdir=terraform output -raw tunedrop_json > tunedrop.json\n```',
    ...commands.map(sectionOf),
    '## What the command of `watch --exec` has in its environment',
    'Nothing of it is put into the text of the command, which a shell reads: write `"$TUNEDROP_STATE"`, in quotes.',
    markdownTable(
      ['variable', 'meaning'],
      Object.entries(RUN_FACTS).map(([name, { meaning }]) => [code(name), meaning]),
    ),
    '## How a command ends',
    markdownTable(
      ['exit status', 'meaning'],
      Object.entries(EXIT_MEANINGS).map(([status, { meaning }]) => [code(status), meaning]),
    ),
  );
}

function sectionOf(command: Command): string {
  const { call, summary, details = '', flags } = command;
  const rows = Object.entries<Flag>(flags).map(([name, flag]) => [
    code(flagWord(name, flag)),
    [`${flagMeaning(flag)}.`, flag.details ?? ''].join(' ').trim(),
  ]);
  return pageText(
    `## ${call.replace('npx tunedrop ', '')}`,
    code(callOf(command)),
    `${summary} ${details}`.trim(),
    rows.length === 0 ? '' : markdownTable(['option', 'meaning'], rows),
  ).trimEnd();
}

import { catalogueAsOf } from '../../shared/core/models/catalogue.ts';
import { STALE_AFTER_DAYS } from '../../shared/core/models/sources.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { JSON_FLAG } from '../folder/flags.ts';
import { modelJson, showModels } from './show.ts';

const DEPLOYMENT = ['project', 'bucket', 'database', 'region'] as const;

/** What can be tuned on a day, at what price, and how old that knowledge is. */
export const models = defineCommand({
  call: 'npx tunedrop models',
  summary: 'Lists what can be tuned, at what price, until when.',
  details: 'What was read too long ago is marked.',
  flags: {
    'as-of': {
      value: 'DATE',
      help: 'the table as it will be on this day',
      takes: 'a day such as 2027-01-31',
      read: (text: string) => (isDay(text) ? text : undefined),
    },
    'stale-after': {
      value: 'DAYS',
      help: 'marks what was read longer ago',
      default: `${STALE_AFTER_DAYS}`,
      takes: 'a number of days',
      read: (text: string) => (/^\d{1,5}$/.test(text) ? Number(text) : undefined),
    },
    all: { help: 'also those that are closed', details: 'They still run on the embedded cloud.' },
    tuned: {
      help: 'the tuned models of a deployment',
      details: 'Until when each lives, and how it is called.',
    },
    json: JSON_FLAG,
    ...DEPLOYMENT_FLAGS,
  },
  conflict: (flags) => {
    const of = DEPLOYMENT.find((name) => flags[name] !== undefined);
    return of === undefined || flags.tuned ? undefined : `--${of} goes with --tuned`;
  },
  async carryOut({ flags }, context) {
    const { stdout, today } = context;
    if (flags.tuned) {
      const { openDeployment } = await import('../deployment/open.ts');
      const { readTuned, showTuned, tunedJson } = await import('./tuned.ts');
      const open = openDeployment(flags, context);
      const tuned = await readTuned(open);
      stdout.write(
        flags.json
          ? `${JSON.stringify(tunedJson(tuned, open.deployment), null, 2)}\n`
          : showTuned(tuned, open.deployment),
      );
      return EXIT.ok;
    }
    const day = flags['as-of'] ?? today;
    const rows = catalogueAsOf(day, flags['stale-after']).filter(
      ({ standing }) => flags.all || standing !== 'closed',
    );
    stdout.write(
      flags.json
        ? `${JSON.stringify({ asOf: day, models: rows.map(modelJson) }, null, 2)}\n`
        : showModels(rows, day),
    );
    return EXIT.ok;
  },
});

/** A day of the calendar: 2027-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

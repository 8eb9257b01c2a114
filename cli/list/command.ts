import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { JSON_FLAG } from '../folder/flags.ts';
import { LIST_FLAGS, sinceOf } from './flags.ts';

/** The runs of a deployment, newest first. */
export const list = defineCommand({
  call: 'npx tunedrop list',
  summary: 'Lists the runs of a deployment, the newest first.',
  flags: { ...LIST_FLAGS, json: JSON_FLAG, ...DEPLOYMENT_FLAGS },
  async carryOut({ flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { runTable, runsJson } = await import('./show.ts');
    const { deployment, runs } = openDeployment(flags, context);
    const { state, model, path, limit, after } = flags;
    const since = flags.since && sinceOf(flags.since, Date.now());
    const page = await runs.list({ state, model, path, since }, { limit, after });
    const { stdout } = context;
    stdout.write(
      flags.json
        ? `${JSON.stringify(runsJson(page, deployment), null, 2)}\n`
        : runTable(page, { deployment, columns: stdout.columns }),
    );
    return EXIT.ok;
  },
});

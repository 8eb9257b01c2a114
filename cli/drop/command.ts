import { basename, resolve } from 'node:path';
import { isRegion } from '../../shared/core/models/regions.ts';
import { runIdOf } from '../../shared/core/run/ids.ts';
import { defineCommand } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit.ts';
import { FOLDER } from '../folder/flags.ts';
import { consentOf } from './consent.ts';
import { DROP_FLAGS } from './flags.ts';

/** A folder, checked and uploaded, and its run followed. */
export const drop = defineCommand({
  call: 'npx tunedrop drop',
  summary: 'Checks a folder, uploads it, and follows its run.',
  details: 'tune.json and the data that it names: the data first, the manifest last.',
  operand: FOLDER,
  flags: DROP_FLAGS,
  async carryOut({ operand: dir, flags }, context) {
    const [{ openDeployment }, { checkFolder }, { offlineLimits }, { filesOf }, { refusalOf, dropSummary }] =
      await Promise.all([
        import('../deployment/open.ts'),
        import('../folder/check-folder.ts'),
        import('../folder/limits.ts'),
        import('./files.ts'),
        import('./show.ts'),
      ]);
    const { stdout, stderr, today, ask } = context;
    const output = flags.json ? stderr : stdout;
    const open = openDeployment(flags, context);
    const { project, inbox, results, region, local } = open.deployment;
    const upload = { bucket: inbox, prefix: `${flags.as ?? basename(resolve(dir))}/` };
    const limits = offlineLimits({
      ...{ project, inboxBucket: inbox, resultsBucket: results },
      region: isRegion(region) ? region : 'us-central1',
      retiredModels: local ? 'warn' : 'error',
    });
    const checked = await checkFolder({ dir, upload }, { limits, today });
    const refusal = refusalOf(checked, { isStrict: flags.strict });
    if (refusal !== undefined) {
      if (flags.json)
        stdout.write(`${JSON.stringify({ dropped: false, issues: checked.issues }, null, 2)}\n`);
      output.write(refusal);
      return EXIT.failed;
    }
    const objects = open.objects();
    const files = await filesOf(dir, upload, objects);
    output.write(dropSummary(checked, files, { deployment: open.deployment, upload }));
    const consent = await consentOf({ yes: flags.yes, isLocal: local !== undefined }, ask);
    if (consent === 'nobody to ask')
      stderr.write('Nobody is there to be asked, and nothing was uploaded: --yes uploads without asking.\n');
    if (consent !== 'given') return consent === 'refused' ? EXIT.failed : EXIT.misuse;
    const { uploadFolder } = await import('./upload.ts');
    const { generation } = await uploadFolder(files, { objects, output });
    const { name, bucket } = files.manifest;
    const runId = runIdOf({ bucket, name, generation });
    output.write(`Run ${runId}\n`);
    if (flags['no-follow']) {
      const manifest = `gs://${bucket}/${name}`;
      if (flags.json)
        stdout.write(`${JSON.stringify({ dropped: true, runId, manifest, generation }, null, 2)}\n`);
      return EXIT.ok;
    }
    const { followAndShow } = await import('../follow/show.ts');
    return (await followAndShow(open, runId, { context, json: flags.json })).code;
  },
});

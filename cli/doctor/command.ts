import { defineCommand } from '../command-line/command.ts';
import { DEPLOYMENT_FLAGS } from '../deployment/flags.ts';
import { JSON_FLAG } from '../folder/flags.ts';
import { exitOf } from './findings.ts';

/** Of a terminal that does not say how wide it is. */
const COLUMNS = 100;

/** What a deployment lacks, read and never written. */
export const doctor = defineCommand({
  call: 'npx tunedrop doctor',
  summary: 'Says what a deployment lacks, and what to do.',
  details:
    'It only reads. What groups or folders grant, or you may not read, is "not seen" and not "missing": where nothing worse is found, it ends with 2.',
  flags: { json: JSON_FLAG, ...DEPLOYMENT_FLAGS },
  async carryOut({ flags }, context) {
    const { openDeployment } = await import('../deployment/open.ts');
    const { createReadGoogle } = await import('./google.ts');
    const { blindness, readDeployment } = await import('./facts.ts');
    const { diagnose } = await import('./diagnose.ts');
    const { findingsJson, showFindings } = await import('./show.ts');
    const { deployment, call } = openDeployment(flags, context);
    const facts = await readDeployment(createReadGoogle(call, deployment), deployment);
    const blind = blindness(facts);
    if (blind !== undefined) throw new Error(blind);
    const findings = diagnose(facts);
    const { stdout } = context;
    stdout.write(
      flags.json
        ? `${JSON.stringify(findingsJson(findings, deployment), null, 2)}\n`
        : showFindings(findings, { deployment, columns: stdout.columns ?? COLUMNS }),
    );
    return exitOf(findings);
  },
});

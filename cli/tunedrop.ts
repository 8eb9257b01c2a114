#!/usr/bin/env node
import { check } from './check/command.ts';
import { EXIT, misuse, type Outcome } from './check/outcome.ts';
import { plan } from './plan/command.ts';

const USAGE = `Usage:
  npx tunedrop check DIR [--json] [--bucket gs://B/FOLDER] [--region R]
      tells everything that is wrong with DIR/tune.json and its data, offline
  npx tunedrop plan DIR --project P --bucket gs://B/FOLDER [--json] [--region R] [--results gs://R]
                    [--generation N] [--staging on|off] [--service-account A]
      shows the request that would be sent to Vertex AI if DIR were uploaded to gs://B/FOLDER
  npm start
      runs everything on this machine: an embedded cloud and the functions

Options:
  --json               one JSON object on standard output and nothing else
  --bucket URI         where DIR is uploaded: data named there in full is read from DIR
  --region R           region of the deployment, for a manifest without pipeline_job_region (default us-central1)
  --project P          project of the deployment
  --results URI        results bucket of the deployment (default gs://P-tunedrop-results)
  --generation N       generation of the uploaded tune.json, which the run id is made of (default 0: no object's)
  --staging on|off     show the copies that are trained on, or the URIs of the manifest (default on)
  --service-account A  account of the deployment, for a manifest without service_account (default none)

Exit status: 0 when there is no error, 1 when there are errors in the manifest or the data,
2 when the command was called wrongly or could not be carried out.
`;

type Command = (args: string[], today: string) => Promise<Outcome> | Outcome;

const COMMANDS = new Map<string, Command>([
  ['check', check],
  ['plan', plan],
  ['local', () => misuse('the embedded cloud is started with npm start, or npm start -- --once DIR')],
]);

async function run([name, ...args]: string[]): Promise<Outcome> {
  if (name === undefined) return misuse('a command is missing');
  if ([name, ...args].some((word) => word === '--help' || word === '-h')) {
    return { code: EXIT.fine, stdout: USAGE };
  }
  const command = COMMANDS.get(name);
  if (!command) return misuse(`${name} is not a command`);
  try {
    return await command(args, new Date().toISOString().slice(0, 10));
  } catch (error) {
    return { code: EXIT.failed, stderr: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

// A reader such as `head` may have seen enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.exitCode = EXIT.failed;
});

const { code, stdout = '', stderr = '', isMisuse = false } = await run(process.argv.slice(2));
process.exitCode = code;
process.stdout.write(stdout);
process.stderr.write(isMisuse ? `${stderr}\n${USAGE}` : stderr);

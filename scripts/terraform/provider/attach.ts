import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSchema } from '../schema.ts';
import { serveProvider } from './server.ts';

/** Providers that are already running, and the environment in which Terraform and OpenTofu talk to them. */
export interface StandIns {
  environment: Record<string, string>;
  close(): void;
}

/** Where either program looks for a provider that the configuration calls `hashicorp/NAME`. */
const HOSTS = ['registry.terraform.io', 'registry.opentofu.org'];

/** Serves the stand-ins for the providers of a deployment; nothing is downloaded, asked or reported anywhere. */
export async function startStandIns(): Promise<StandIns> {
  // The name of a socket has to be short: 107 bytes on Linux, 103 on macOS.
  const folder = mkdtempSync(join(tmpdir(), 'tf-'));
  const reattach: Record<string, object> = {};
  const servers = await Promise.all(
    Object.entries(readSchema().provider_schemas).map(async ([address, schema]) => {
      const [, namespace = '', name = ''] = address.split('/');
      const socket = join(folder, name);
      for (const host of HOSTS) reattach[`${host}/${namespace}/${name}`] = attachment(socket);
      return serveProvider(schema, socket);
    }),
  );
  return {
    environment: {
      TF_REATTACH_PROVIDERS: JSON.stringify(reattach),
      TF_CLI_CONFIG_FILE: devNull,
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
    },
    close() {
      for (const server of servers) server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `Test`: Terraform leaves the process alone when it has finished. */
function attachment(socket: string) {
  return {
    Protocol: 'grpc',
    ProtocolVersion: 5,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
}

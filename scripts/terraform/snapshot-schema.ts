// `node scripts/terraform/snapshot-schema.ts [FOLDER]`: writes terraform/schema/google.json. FOLDER has the unpacked npm
// package; without it the package is fetched.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { applyFacts, readFacts } from './provider-facts.ts';
import { GOOGLE, type ResourceSchema, type SchemaSnapshot, TIME } from './schema.ts';
import { fetchPackage, readPackaged, readProviderBlock, SCHEMA_PACKAGE } from './schema-package.ts';
import { TIME_PROVIDER } from './time-provider.ts';
import { WANTED_DATA_SOURCES, WANTED_RESOURCES } from './wanted-types.ts';

const OUTPUT = fileURLToPath(new URL('../../terraform/schema/google.json', import.meta.url));

const folder = process.argv[2] ?? fetchPackage();
const facts = readFacts();

function resource(type: string): ResourceSchema {
  const block = readPackaged(folder, 'resource', type);
  const own = facts.resources[type];
  return { version: 0, block: own ? applyFacts(block, own) : block };
}

const dataSource = (type: string): ResourceSchema => ({
  version: 0,
  block: readPackaged(folder, 'data', type),
});

const each = (types: readonly string[], read: (type: string) => ResourceSchema) =>
  Object.fromEntries(types.map((type) => [type, read(type)]));

const snapshot: SchemaSnapshot = {
  provenance: {
    arguments: `npm ${SCHEMA_PACKAGE} (MPL-2.0), generated from provider hashicorp/google 6.50.0: names, types, blocks`,
    facts: `terraform/schema/provider-facts.json, read from the source of ${facts.provider}: allowed values, what is required or computed, what forces a replacement, arguments newer than the package`,
    time: 'scripts/terraform/time-provider.ts, from the documentation of hashicorp/time 0.13',
  },
  format_version: '1.0',
  provider_schemas: {
    [GOOGLE]: {
      provider: { version: 0, block: readProviderBlock(folder) },
      resource_schemas: each(WANTED_RESOURCES, resource),
      data_source_schemas: each(WANTED_DATA_SOURCES, dataSource),
    },
    [TIME]: TIME_PROVIDER,
  },
};

/** One type a line, so that a difference names what changed. */
const lines = JSON.stringify(snapshot).replace(/("(?:google|time)_\w+":\{"version")/g, '\n$1');
writeFileSync(OUTPUT, `${lines}\n`);
console.log(`written ${OUTPUT}`);

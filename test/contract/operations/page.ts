import { code, markdownTable, pageText } from '../../../scripts/docs/markdown.ts';
import type { Operation, Outcome, ServiceOperations } from './operation.ts';

/** docs/local-cloud-operations.md: the rows of every service, as its page has them. */
export function renderOperationsPage(services: readonly ServicePart[]): string {
  return pageText(
    '# Operations of the embedded cloud',
    '<!-- Written by `npx vitest run test/contract/operations/page.test.ts -u` from the tables beside that test, whose rows are proved over the wire. -->',
    `What Google's clients can ask of the [embedded cloud](local-cloud.md). Each row is a test: the operation is called on the
embedded service, and on Google's own emulator where a machine has it, and does what stands here. What is refused is refused
with this code and a sentence that names it; nothing is accepted and then forgotten.`,
    ...services.map(partOf),
  );
}

/** Of a service's table, what the page needs. */
export type ServicePart = Pick<ServiceOperations<never>, 'service' | 'about'> & {
  operations: readonly Pick<Operation<never>, 'name' | 'here' | 'emulator' | 'note'>[];
  emulator: { name: string } | undefined;
};

function partOf({ service, about, operations, emulator }: ServicePart): string {
  const header = ['operation', 'here', ...(emulator ? [emulator.name] : []), ''];
  const rows = operations.map((operation) => [
    code(operation.name),
    shown(operation.here),
    ...(emulator ? [shown(operation.emulator)] : []),
    operation.note,
  ]);
  return [`## ${service}`, about, markdownTable(header, rows)].filter(Boolean).join('\n\n');
}

function shown(outcome: Outcome): string {
  return outcome === 'works' ? 'works' : `refused: ${code(outcome.refused)}`;
}

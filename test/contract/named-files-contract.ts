import { beforeEach, describe, expect, test } from 'vitest';
import { aRun, NOW } from '../support/runs.ts';
import { claim, type RunStoreUnderTest, VALIDATED } from './run-store-contract.ts';

/** Which files the manifests of runs name, whatever keeps the documents. */
export function namedFilesContract(name: string, connect: () => Promise<RunStoreUnderTest>): void {
  describe(`files that runs name: ${name}`, () => {
    let under: RunStoreUnderTest;
    let serial = Date.now();
    const fresh = () => aRun({ folder: `named-${serial++}` });
    beforeEach(async () => {
      under = await connect();
    });

    test('a file is named that any run waits for or that its manifest names by whatever key', async () => {
      const uri = (name: string) => `gs://inbox/${name}-${serial}`;
      const run = fresh();
      await under.store.open(run, claim('a'));
      expect(await under.store.isNamed(uri('train'))).toBe(false);
      const manifest = { dataset_uri: uri('train'), validation_label_path: uri('labels') };
      await under.store.apply(
        run.runId,
        { ...VALIDATED, spec: { manifest }, waitingFor: [uri('eval')] },
        NOW,
      );
      for (const name of ['train', 'labels', 'eval']) expect(await under.store.isNamed(uri(name))).toBe(true);
      expect(await under.store.isNamed(uri('tra'))).toBe(false);
    });

    test('the newest run of a manifest path is the one that the path points to', async () => {
      const run = fresh();
      expect(await under.store.newestOf(run.spec.source)).toBeUndefined();
      await under.store.open(run, claim('a'));
      expect((await under.store.newestOf(run.spec.source))?.runId).toBe(run.runId);
    });
  });
}

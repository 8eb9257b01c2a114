import { describe, expect, test } from 'vitest';
import { findIgnored, ignoredUpload, ignoredUploadId } from '../../shared/core/objects/ignored.ts';

const upload = (name: string) => ({ bucket: 'inbox', name, generation: '7', timeCreated: 't' });

describe('a name that says that something was meant', () => {
  test.each([
    ...['Tune.json', 'TUNE.JSON', 'my-tune.json', 'reviews/my_tune.json', 'tune.json.txt', 'tune.json.bak'],
    ...['tune (1).json', 'tune-2.json', 'tune.json~', 'fine-tune.json', 'tune', 'a/tune.txt'],
    ...['tune.jsn', 'a/tune.josn', 'a/manifest.json'],
  ])('%s is told to be renamed', (name) => {
    const noted = ignoredUpload(upload(name), 'now');
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    expect(noted).toMatchObject({ reason: 'NotTheName', uri: `gs://inbox/${name}`, noticedTime: 'now' });
    expect(noted?.remedy).toContain(`gcloud storage mv 'gs://inbox/${name}' 'gs://inbox/${folder}tune.json'`);
  });

  test.each(['tune.yaml', 'tune.yml', 'reviews/Tune.YAML', 'tune.toml', 'my-tune.jsonc'])(
    '%s is told to be written as JSON',
    (name) => expect(findIgnored(name)?.reason).toBe('NotJson'),
  );

  test.each(['data.zip', 'a/b.tar.gz', 'train.jsonl.gz', 'x.7z', 'tune.json.gz.zip'])(
    '%s is told to be unpacked',
    (name) => expect(['Archive', 'NotTheName']).toContain(findIgnored(name)?.reason),
  );

  test.each(['tune.json', 'a/tune.json', 'train.jsonl', 'tune.jsonl', 'fortune.json', 'tuned.json', 'a.png'])(
    '%s is not',
    (name) => expect(findIgnored(name)).toBeUndefined(),
  );

  test('has one of a bounded number of documents, always the same', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => ignoredUploadId(upload(`${index}.zip`)));
    expect(new Set(ids).size).toBeLessThanOrEqual(1_024);
    expect(ignoredUploadId(upload('a.zip'))).toBe(ignoredUploadId(upload('a.zip')));
  });
});

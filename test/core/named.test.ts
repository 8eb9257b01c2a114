import { describe, expect, test } from 'vitest';
import { namedIn } from '../../shared/core/errors/named.ts';

describe('what Google’s words name', () => {
  test.each([
    {
      name: 'a bucket in backquotes',
      words: 'IAM permission(s) to the bucket `results-1`.',
      named: { bucket: 'results-1' },
    },
    {
      name: 'a bucket in escaped quotes',
      words: 'IAM permission(s) to the bucket \\"learn-demo1\\".',
      named: { bucket: 'learn-demo1' },
    },
    { name: 'a bucket of a URI', words: 'gs://data/train.jsonl is not readable', named: { bucket: 'data' } },
    { name: 'no bucket where none is', words: 'the Google Cloud Storage bucket owned by your project' },
    {
      name: 'permissions, each once',
      words: 'does not have `[storage.objects.get, storage.objects.create]`; storage.objects.get',
      named: { permissions: ['storage.objects.get', 'storage.objects.create'] },
    },
    {
      name: 'no permission in hosts and addresses',
      words: 'aiplatform.googleapis.com for service-1@gcp-sa-aiplatform.iam.gserviceaccount.com',
      named: { serviceAccount: 'service-1@gcp-sa-aiplatform.iam.gserviceaccount.com' },
    },
    {
      name: 'a permission in another spelling',
      words: "Permission 'iam.serviceaccounts.actAs' denied",
      named: { permissions: ['iam.serviceaccounts.actAs'] },
    },
    {
      name: 'quotas',
      words: 'exceed quota limits: aiplatform.googleapis.com/custom_model_training_tpu_v3',
      named: { quotas: ['aiplatform.googleapis.com/custom_model_training_tpu_v3'] },
    },
    {
      name: 'an API by its title',
      words: 'Vertex AI API has not been used in project my-project before or it is disabled.',
      named: { api: 'aiplatform.googleapis.com' },
    },
    {
      name: 'a key, without its version',
      words: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1 is not enabled',
      named: { key: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
    },
  ])('$name', ({ words, named = {} }) => {
    expect(JSON.parse(JSON.stringify(namedIn(words)))).toEqual({ permissions: [], quotas: [], ...named });
  });
});

import { expect, test } from 'vitest';
import { type CampaignOptions, runCampaign } from '../support/campaign.ts';
import { figuresText } from '../support/campaign-figures.ts';

/** How large: `CAMPAIGN_DROPS=10000 npm run test:nightly`. */
const numberOf = (variable: string, otherwise: number) => Number(process.env[variable] ?? otherwise);
const DROPS = numberOf('CAMPAIGN_DROPS', 1000);
const STALL_MS = numberOf('CAMPAIGN_STALL_SECONDS', 60) * 1000;
const KILL_MS = numberOf('CAMPAIGN_KILL_SECONDS', 120) * 1000;

const COMMON = { drops: DROPS, invalid: 0.05, duplicated: 0.1, retryScale: 0.02, withinMs: DROPS * 10_000 };

/** Every figure that nightly runs are for, and what they must be. */
const CAMPAIGNS: [name: string, options: CampaignOptions][] = [
  ['the machinery alone', { ...COMMON, duplicated: 0 }],
  [
    // The leases of ten minutes are not scaled, so what is stalled is over before they are.
    'attacked: kills, duplicated events, stalls, overlapping polls',
    {
      ...COMMON,
      kills: { everyMs: 2000, forMs: KILL_MS },
      stalls: { services: ['storage', 'pubsub', 'firestore', 'vertex', 'metadata'], forMs: STALL_MS },
      overlapEveryMs: 2000,
    },
  ],
  // A minute of Vertex AI is not scaled: the waits are a fifth of those of a deployment, and so are the pauses between two ticks.
  ['60 creates a minute', { ...COMMON, createsPerMinute: 60, retryScale: 0.2, scheduleMs: 12_000 }],
];

test.each(CAMPAIGNS)('%s', { timeout: 86_400_000 }, async (name, options) => {
  const figures = await runCampaign(options);
  console.log(figuresText(name, figures));
  const valid = DROPS - Math.floor(DROPS * options.invalid);
  expect(figures).toMatchObject({ valid, lost: 0, jobs: valid, doubleJobs: 0 });
  expect(figures.ends.SUCCEEDED).toBe(valid);
  expect(figures.hottest.writesPerSecond).toBeLessThan(1);
  for (const [name, { peakMib, deployedMib }] of Object.entries(figures.memory)) {
    expect(peakMib, name).toBeLessThan(deployedMib);
  }
});

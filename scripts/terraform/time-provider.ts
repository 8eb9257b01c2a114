import type { ProviderSchema } from './schema.ts';

/** hashicorp/time 0.13 is not on npm; this is `docs/resources/sleep.md` of its repository by hand. */
export const TIME_PROVIDER: ProviderSchema = {
  provider: { version: 0, block: {} },
  resource_schemas: {
    time_sleep: {
      version: 0,
      block: {
        attributes: {
          create_duration: { type: 'string', optional: true },
          destroy_duration: { type: 'string', optional: true },
          id: { type: 'string', computed: true },
          triggers: { type: ['map', 'string'], optional: true, force_new: true },
        },
      },
    },
  },
  data_source_schemas: {},
};

import { main } from './main.ts';
import { PACKAGED_COMMANDS } from './packaged-commands.ts';

// What is bundled as the package `tunedrop`: everything but the embedded cloud.
void main({
  ...PACKAGED_COMMANDS,
  start: async () => (await import('./start/not-in-package.ts')).startNotInPackage,
});

import { main } from './main.ts';
import { OFFLINE_COMMANDS } from './offline-commands.ts';

// What is bundled as the package `tunedrop`: everything but the embedded cloud.
void main({
  ...OFFLINE_COMMANDS,
  start: async () => (await import('./start/not-in-package.ts')).startNotInPackage,
});

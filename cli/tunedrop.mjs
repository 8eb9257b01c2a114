#!/usr/bin/env node
// What `npx tunedrop` runs. Most of what the check of a small folder takes is compiling this program: what was compiled is kept, and since
// the first file is compiled before it can say so, it is this small one. Where nothing can be written, all is compiled each time.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tunedrop', import.meta.url)));
await import('./tunedrop.ts');

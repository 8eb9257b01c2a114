// Preloaded into every function process: ends it when the process that started it is gone, also after a kill -9.
process.stdin.once('end', () => process.exit(0));
process.stdin.once('error', () => process.exit(0));
process.stdin.resume();
process.stdin.unref?.();

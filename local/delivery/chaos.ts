import type { Recorder } from './recorder.ts';

/** What can befall an event on its way. Out of order = delay one and let the next one pass. */
export type Mishap =
  | { kind: 'none' }
  /** Published, never delivered. */
  | { kind: 'drop' }
  | { kind: 'delay'; byMs: number }
  /** Delivered twice: `same` as an at-least-once queue does, `new` as a producer does that publishes twice. */
  | { kind: 'duplicate'; id: 'same' | 'new' };

/** Mishaps for the coming events, one each. A test asserts that `remaining` is empty at its end. */
export interface Chaos {
  script(mishaps: Mishap[]): void;
  remaining(): Mishap[];
}

/** Wraps `publish` so that scripted mishaps happen to what is published. */
export function createChaos(queue: Recorder): Chaos & Recorder {
  const coming: Mishap[] = [];

  const publishWith = (mishap: Mishap): Recorder['publish'] => {
    switch (mishap.kind) {
      case 'none':
        return queue.publish;
      case 'drop':
        return (message) => queue.publish(message, { targets: [] });
      case 'delay':
        return (message, { targets, ...others }) =>
          queue.publish(message, {
            ...others,
            targets: targets.map((target) => ({ ...target, delayMs: mishap.byMs })),
          });
      case 'duplicate':
        return (message, recipients) => {
          const id = queue.publish(message, recipients);
          if (id === undefined) return undefined;
          const { id: _, dedupeId: __, ...copy } = message;
          queue.publish(mishap.id === 'same' ? { ...copy, id } : copy, recipients);
          return id;
        };
    }
  };

  return {
    publish(message, recipients) {
      const id = publishWith(coming[0] ?? { kind: 'none' })(message, recipients);
      if (id !== undefined) coming.shift(); // a replay of a known event is not an event
      return id;
    },
    script: (mishaps) => {
      coming.push(...mishaps);
    },
    remaining: () => [...coming],
  };
}

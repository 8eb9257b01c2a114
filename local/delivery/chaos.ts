import type { DeliveryQueue } from './queue.ts';

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
export function createChaos(queue: DeliveryQueue): Chaos & Pick<DeliveryQueue, 'publish'> {
  const coming: Mishap[] = [];

  const publishWith = (mishap: Mishap): DeliveryQueue['publish'] => {
    switch (mishap.kind) {
      case 'none':
        return queue.publish;
      case 'drop':
        return (message) => queue.publish(message, []);
      case 'delay':
        return (message, targets) =>
          queue.publish(
            message,
            targets.map((target) => ({ ...target, delayMs: mishap.byMs })),
          );
      case 'duplicate':
        return (message, targets) => {
          const id = queue.publish(message, targets);
          if (id === undefined) return undefined;
          const { id: _, dedupeId: __, ...copy } = message;
          queue.publish(mishap.id === 'same' ? { ...copy, id } : copy, targets);
          return id;
        };
    }
  };

  return {
    publish(message, targets) {
      const id = publishWith(coming[0] ?? { kind: 'none' })(message, targets);
      if (id !== undefined) coming.shift(); // a replay of a known event is not an event
      return id;
    },
    script: (mishaps) => {
      coming.push(...mishaps);
    },
    remaining: () => [...coming],
  };
}

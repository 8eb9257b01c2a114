import type { Fault, FaultOf } from '../fault-rules.ts';
import type { FaultScript } from '../faults.ts';
import type { NewMessage } from './message.ts';
import type { Recorder } from './recorder.ts';

type Publish = Recorder['publish'];

/** What becomes of a message that meets a fault of `Message`. */
const MISHAPS: {
  [Kind in 'drop' | 'delay' | 'duplicate']: (queue: Recorder, fault: FaultOf<Kind>) => Publish;
} = {
  drop: (queue) => (message) => queue.publish(message, { targets: [] }),
  delay:
    (queue, { byMs }) =>
    (message, { targets, ...others }) =>
      queue.publish(message, { ...others, targets: targets.map((target) => ({ ...target, delayMs: byMs })) }),
  duplicate:
    (queue, { id: kept }) =>
    (message, recipients) => {
      const id = queue.publish(message, recipients);
      if (id === undefined) return undefined;
      const { id: _, dedupeId: __, ...copy } = message;
      queue.publish(kept === 'same' ? { ...copy, id } : copy, recipients);
      return id;
    },
};

/** `publish`, with what the script lets befall messages. A replay of a known event is not an event, and meets nothing. */
export function withMishaps(queue: Recorder, faults: FaultScript): Publish {
  return (message, recipients) => {
    if (queue.isKnown(message)) return undefined;
    const fault = faults.draw({ method: 'Message', target: message.topic, about: () => textOf(message) });
    return (publishWith(queue, fault) ?? queue.publish)(message, recipients);
  };
}

function publishWith(queue: Recorder, fault: Fault): Publish | undefined {
  if (!(fault.kind in MISHAPS)) return undefined;
  const mishap = MISHAPS[fault.kind as keyof typeof MISHAPS] as (queue: Recorder, fault: Fault) => Publish;
  return mishap(queue, fault);
}

function textOf({ data, attributes }: NewMessage): string {
  return `${Buffer.from(data)} ${JSON.stringify(attributes)}`;
}

export interface FakeTopic<Message> {
  published: Message[];
  /** The coming messages that cannot be published; `lost`: they are published, and the answer is lost. */
  faults: (Error | { lost: Error })[];
  publisher: { publish(message: Message): Promise<void> };
}

/** A topic that keeps what is published. */
export function createFakeTopic<Message>(): FakeTopic<Message> {
  const published: Message[] = [];
  const faults: FakeTopic<Message>['faults'] = [];
  return {
    ...{ published, faults },
    publisher: {
      async publish(message) {
        const fault = faults.shift();
        if (fault instanceof Error) throw fault;
        published.push(structuredClone(message));
        if (fault) throw fault.lost;
      },
    },
  };
}

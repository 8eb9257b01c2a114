/** Files as other tools export them, written anew for these tests. */

/** Intents of Rasa. */
export const RASA = `version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - hello
- intent: bye
  examples: |
    - bye
`;

/** SQuAD's own file, with so many questions. */
export function squadOf(questions: number): string {
  const qas = Array.from({ length: questions }, (_, id) => ({
    ...{ id, question: `Tea ${id}?` },
    answers: [{ text: `hot ${id}`, answer_start: 0 }],
  }));
  return JSON.stringify({ version: '1.1', data: [{ title: 'Tea', paragraphs: [{ context: 'Hot.', qas }] }] });
}

/** Intents, as chat bots of Kaggle are trained on. */
export const intentsOf = (count: number): string =>
  JSON.stringify(
    {
      intents: Array.from({ length: count }, (_, at) => ({
        ...{ tag: `tea ${at}`, patterns: [`Is tea ${at} hot?`], responses: [`Yes, ${at}.`, 'Sure.'] },
      })),
    },
    null,
    2,
  );

/** A line whose messages were made a text by Python. */
export function asPythonText(talk: readonly object[]): string {
  const shown = talk.map((turn) => JSON.stringify(turn).replaceAll('"', "'"));
  return `${JSON.stringify({ messages: `[${shown.join(', ')}]` })}\n`;
}

/** A question as somebody reads it who is not asked it: what was said to the model, by whom. */
import type { QuestionRequest } from '../question.ts';

/** A part of a content: a text, or a file as the example has it. */
export type JudgePart = { text: string } | Record<string, unknown>;

/** Members of a part that a judge is shown as they are. */
const FILES = ['fileData', 'file_data', 'inlineData', 'inline_data'];

export function transcriptOf(request: QuestionRequest): JudgePart[] {
  if ('generate' in request) {
    const { systemInstruction, contents, tools } = request.generate;
    return [
      ...(systemInstruction ? said('system', systemInstruction.parts) : []),
      ...(tools === undefined ? [] : [{ text: `tools: ${JSON.stringify(tools)}` }]),
      ...contents.flatMap(({ role = 'user', parts }) => said(role, parts)),
    ];
  }
  const { instance } = request;
  if ('content' in instance) return [{ text: instance.content }];
  if ('prefix' in instance) return [{ text: instance.prefix }];
  const { context, messages } = instance;
  return [
    ...(context === undefined ? [] : [{ text: `system: ${context}` }]),
    ...messages.map(({ author, content }) => ({ text: `${author}: ${content}` })),
  ];
}

/** Texts together, since most contents are one; what is neither a text nor a file, such as the call of a function, as its JSON. */
function said(role: string, parts: readonly { text?: string }[]): JudgePart[] {
  const files = parts.filter((part) => FILES.some((name) => Object.hasOwn(part, name)));
  const texts = parts
    .filter((part) => !files.includes(part))
    .map((part) => part.text ?? JSON.stringify(part));
  return [{ text: `${role}: ${texts.join('\n')}` }, ...files];
}

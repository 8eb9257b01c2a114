import type { ModelRequest } from '../../shared/core/evaluation/request.ts';
import type { ModelAnswer, ModelAsker } from '../../shared/ports.ts';

export interface FakeAsker extends ModelAsker {
  /** Every question that was asked, as `MODEL PROMPT`. */
  readonly asked: string[];
  /** What a model answers, by what it is, what it is asked, and its name; the tuned one answers everything with `answer`, its base with `base`. */
  answer: (model: 'tuned' | 'base', prompt: string, name: string) => string | Promise<string>;
  /** Whether an answer is cut off. */
  isCut?: (text: string) => boolean;
}

/** Models that answer by a rule, and count what they were asked. */
export function createFakeAsker(): FakeAsker {
  const asker: FakeAsker = {
    asked: [],
    answer: (model) => (model === 'tuned' ? 'answer' : 'base'),
    async ask(request: ModelRequest): Promise<ModelAnswer> {
      const model = request.model.includes('/publishers/') ? 'base' : 'tuned';
      const prompt = promptOf(request.body);
      asker.asked.push(`${model} ${prompt}`);
      const text = await asker.answer(model, prompt, request.model);
      return { text, isCut: asker.isCut?.(text) || undefined, tokens: { input: 10, output: 2 } };
    },
  };
  return asker;
}

interface Body {
  instances?: [{ content?: string; prefix?: string; messages?: { content: string }[] }];
  contents?: { parts: { text: string }[] }[];
}

function promptOf(body: Body): string {
  const [instance] = body.instances ?? [];
  const { content, prefix, messages } = instance ?? {};
  return content ?? prefix ?? messages?.at(-1)?.content ?? body.contents?.at(-1)?.parts[0]?.text ?? '';
}

import { FORM_NAMES, type FormName } from '../../shared/core/dataset/forms/names.ts';
import { FORMS } from '../../shared/core/dataset/forms/table.ts';
import { formsOfModel, targetOf } from '../../shared/core/dataset/forms/target.ts';
import { CONTAINERS, type ContainerName, LOSSES, type Loss } from '../../shared/core/issues/conversion.ts';
import { FOREIGN_FORMATS } from '../../shared/core/issues/foreign-formats.ts';
import { MODELS, type Model } from '../../shared/core/models/models.ts';
import { code, heading, markdownTable, pageText } from './markdown.ts';

export function renderDataForms(): string {
  return pageText(
    heading(
      'Forms of data',
      '`shared/core/dataset/forms/` and `shared/core/issues/{conversion,foreign-formats}.ts`',
    ),
    'Training and evaluation data may be in any of these forms, whatever the model takes. The file is recognised by its first records, ' +
      'checked as it was uploaded, with its own lines in every issue, and written in the form of the model to where no uploader can ' +
      'write; the upload stays as it is. `spec.datasets` of the [document](status-document.md) says from which form to which, how many ' +
      'examples, and what was lost.',
    markdownTable(
      ['form', 'a record', 'for'],
      FORM_NAMES.map((form) => [code(form), FOREIGN_FORMATS[form].name, purposeOf(form)]),
    ),
    'The labels of embedding models may be the judgements of TREC, too: query, iteration, document and relevance, without a header. The ' +
      'iteration, which nobody uses, is left out. One file of `{"query", "pos", "neg"}` or `{"anchor", "positive", "negative"}` becomes queries, corpus and labels where the ' +
      'manifest names it as `queries_path`, as `corpus_path` and as `train_label_path`; ids are made of the number of the record.',
    'A dialogue in one text is read where it goes by the template from end to end: what the user and the model say by turns, none of it ' +
      'empty, and nothing of a template left in it. The field may also be called `content`, `prompt`, `conversation`, `dialogue`, ' +
      '`dialog` or `chat`; what stands before the first mark of Alpaca, Anthropic and Vicuna is the system instruction. Without a ' +
      'prompt, `chosen` and `rejected` may be whole dialogues of that kind: the turns that both have are the question.',
    '## What is around the examples',
    'Examples need not be one a line. What else is recognised is read as it comes, in the memory of its longest example, and the copy has ' +
      'one a line. An issue names the line of the upload where the example begins.',
    markdownTable(
      ['container', 'examples are'],
      (Object.keys(CONTAINERS) as ContainerName[]).map((name) => [code(name), CONTAINERS[name]]),
    ),
    'A table has commas, tabs, semicolons or bars between its cells, quotes as in RFC 4180, and names in its header that make up one of ' +
      'the forms, such as `prompt` and `completion`, in small letters or capitals. A cell may hold messages or contents as JSON. An object around a list is recognised by the form of the ' +
      'first example in it, whatever the list is called. Plain text is read where each block between blank lines is a dialogue by a ' +
      'template, such as `Q: …` and `A: …` on lines of their own.',
    '## What is lost',
    'What loses nothing is converted, and the document says so. What the form of the model has no place for is refused once, with what ' +
      'it is and in how many examples; `"convert": true` in the [manifest](manifest.md) accepts it. `"convert": false` takes every ' +
      'file as it was uploaded, and so does a deployment that forbids conversion (`CONVERT_DATA`). A field that only tells examples ' +
      'apart, such as `id`, is named and refuses nothing.',
    markdownTable(
      ['what', 'with `"convert": true`', ...TARGETS.map(({ form }) => code(form))],
      (Object.keys(LOSSES) as Loss[]).map((loss) => [
        LOSSES[loss].what,
        LOSSES[loss].effect,
        ...TARGETS.map(({ takes }) => (loss !== 'fields' && takes.has(loss) ? 'kept' : 'lost')),
      ]),
    ),
    'Gemini models that were seen to refuse functions in training data (2.5) keep neither calls nor declarations of them. ' +
      'Identifiers of calls are not kept: a result belongs to its call by name and order.',
  );
}

/** The forms that models take, each with what is kept in it. */
const TARGETS = [
  ...new Map(
    MODELS.flatMap((model: Model) => {
      const method =
        model.backend === 'tuningJobs' && model.methods.includes('preference') ? 'preference' : undefined;
      return [targetOf(model.reference, undefined), targetOf(model.reference, method)];
    })
      .flatMap((target) => (target ? [[target.form, target] as const] : []))
      .reverse(),
  ).values(),
].reverse();

function purposeOf(form: FormName): string {
  const taken = MODELS.filter((model: Model) =>
    (formsOfModel(model, FORMS[form].isPair ? 'preference' : undefined) as readonly FormName[]).includes(
      form,
    ),
  ).filter(
    (model: Model) =>
      !FORMS[form].isPair || (model.backend === 'tuningJobs' && model.methods.includes('preference')),
  );
  const kinds = [...new Set(taken.map(({ kind }) => kind))];
  if (kinds.length > 0) return `taken as it is: ${kinds.join(', ')}`;
  return FORMS[form].isPair ? 'converted, for tuning on preferences' : 'converted';
}

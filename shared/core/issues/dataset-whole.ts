import {
  atFirstPlace,
  counted,
  type FirstPlace,
  firstPlace,
  GUIDE_FORMAT,
  SFT_PAGE,
} from './dataset-words.ts';
import { type JudgedAnswers, remedyOfJudged } from './judgements.ts';
import { formatCount } from './numbers.ts';

/** What only all examples together show: sizes, repetitions, numbers, labels, and training beside evaluation. */
export const WHOLE_DATASET_ISSUES = {
  dataset_context_overrides: {
    severity: 'advice',
    title: 'Some examples have a context of their own',
    why: `The context of an example overrides \`default_context\` (${GUIDE_FORMAT}).`,
    text: (fields: { count: number; examples: number }) => ({
      found: `${fields.count} of ${counted(fields.examples, 'example')} with "context", beside a \`default_context\``,
      expected: 'the default for all, or a context that is meant to differ',
      remedy: 'Remove "context" where the default should hold.',
    }),
  },
  dataset_extra_fields: {
    severity: 'advice',
    title: 'Examples have fields that are not used',
    why: `Further fields of a structured prompt, such as "context" beside "input_text", are ignored (${GUIDE_FORMAT}).`,
    text: (fields: { fields: readonly string[]; more?: number | undefined; count: number }) => ({
      found: `${fields.fields.join(', ')}${fields.more === undefined ? '' : ` and ${formatCount(fields.more)} more`} in ${counted(fields.count, 'example')}`,
      expected: 'only the fields of the format',
      remedy: 'If the model should see them, write them into the input.',
    }),
  },
  token_limit_exceeded: {
    severity: 'error',
    title: 'The text has too many tokens',
    why: 'The guide says that what is over the limit is cut off ("Dataset format"); in practice the service was seen to refuse such rows after submission. Gemini drops such an example, and does not bill it. The count is an estimate whose low end is already over.',
    text: (fields: { low: number; high: number; limit: number; what: string }) => ({
      found: `about ${fields.low} to ${fields.high} tokens in ${fields.what}`,
      expected: `at most ${fields.limit} tokens`,
      remedy: 'Shorten it or make several examples of it.',
    }),
  },
  token_limit_uncertain: {
    severity: 'warning',
    title: 'The text may have too many tokens',
    why: 'Without the tokenizer of the model only an interval can be given, and the limit lies inside it. Tokens over the limit are cut off (guide, "Dataset format").',
    text: (fields: { low: number; high: number; limit: number; what: string }) => ({
      found: `about ${fields.low} to ${fields.high} tokens in ${fields.what}`,
      expected: `at most ${fields.limit} tokens`,
      remedy: 'Shorten it to be sure.',
    }),
  },
  dataset_file_too_large: {
    severity: 'error',
    title: 'The file is too large to be read',
    why: 'A file of this size is far above what the model takes, so that it was neither copied nor read. The limits are ours: 2 GB for the training data of Gemini and open models, which may have 1 GB once it is written in their form; 1 GiB for what the guide’s models are trained on; 100 MB for their evaluation data and for labels.',
    text: (fields: { bytes: number; most: number }) => ({
      found: `${fields.bytes} bytes`,
      expected: `at most ${fields.most}`,
      remedy: 'Keep fewer examples, the most telling ones.',
    }),
  },
  dataset_too_large: {
    severity: 'error',
    title: 'The data set has too many bytes',
    why: `${SFT_PAGE}: a training file has at most 1 GB. A copy that is written in the form of the model is larger than what was uploaded, and counts.`,
    text: (fields: { bytes: number; max: number }) => ({
      found: `${fields.bytes} bytes in what would be trained on`,
      expected: `at most ${fields.max}`,
      remedy: 'Keep fewer examples, the most telling ones.',
    }),
  },
  dataset_mostly_dropped: {
    severity: 'error',
    title: 'Too many examples would be dropped',
    why: 'Gemini drops an example that is too long, and a job of which more than 10 % is dropped fails before its training begins (Google Cloud, "Video tuning"; no page says that it is for videos alone). Counted are examples of which the low end of the estimate is over the limit.',
    text: (fields: { exceeded: number; examples: number; percent: number }) => ({
      found: `${fields.exceeded} of ${counted(fields.examples, 'example')} over the limit`,
      expected: `at most ${fields.percent} %`,
      remedy: 'Shorten them or make several examples of each.',
    }),
  },
  evaluation_too_large: {
    severity: 'error',
    title: 'The evaluation data is too large beside the training data',
    why: `Open models: a file of more than 25 % of the training file's size is refused (Google's own tuning skill of 2026-08-21). Gemini: "5,000, or 30 % of the number of training examples if there are more than 1000 validation examples" (${SFT_PAGE}), read as the smaller of the two and so a warning. Sizes are those of the uploaded files.`,
    text: (fields: { found: number; most: number; unit: 'examples' | 'bytes'; percent: number }) => ({
      found: `${fields.found} ${fields.unit}`,
      expected: `at most ${fields.most}, which is ${fields.percent} % of the training data`,
      remedy: 'Keep fewer examples for the evaluation.',
    }),
  },
  dataset_split: {
    severity: 'advice',
    title: 'A part of the training data is kept for the evaluation',
    why: 'evaluation_split asks for it. Examples with one input form a group, which goes to one side as a whole. Groups are put in the order of a hash of their input, and the first are taken: of each label in proportion to its rows where there are at most 100 different outputs, each the answer to two inputs on average, else of all together. A group that would be too many is passed over. No seed and no order of the lines has a part in it, so that the same rows are always split in the same way.',
    text: (fields: {
      evaluation: number;
      training: number;
      isByLabel: boolean;
      /** How many were asked for, where that many cannot be kept. */
      cutFrom?: number | undefined;
      /** Whether that is since half of the examples stay to train on, and not by a limit of the model. */
      isHalf?: boolean | undefined;
      /** How many were asked for, where groups of one input did not make that up. */
      asked?: number | undefined;
    }) => ({
      found: `${counted(fields.evaluation, 'example')} for the evaluation${fields.isByLabel ? ', each label in proportion' : ''}, and ${fields.training} to train on`,
      expected: expectedOfSplit(fields),
      remedy:
        fields.cutFrom === undefined
          ? 'Nothing has to be done. Name a file in evaluation_data_uri, in place of evaluation_split, to choose the examples yourself.'
          : `Write "evaluation_split": ${fields.evaluation} where that is meant, or fewer, such as 0.1: what is kept for the evaluation is not trained on.`,
    }),
  },
  evaluation_split_impossible: {
    severity: 'error',
    title: 'The training data cannot be split as evaluation_split asks',
    why: 'An evaluation of a model of the guide has 10 to 250 examples (guide, EVAL_DATASET_URI), that of others at least one. At most half of the examples are kept for it, open models take up to 25 % of what is left to train on, and examples with one input are not parted.',
    text: (fields: {
      possible: number;
      examples: number;
      least: number;
      needed: number;
      works?: number | undefined;
    }) => ({
      found: `${fields.possible} of ${counted(fields.examples, 'example')} that can be kept for the evaluation`,
      expected: `at least ${fields.least}`,
      remedy: remedyOfSplit(fields),
    }),
  },
  duplicate_example: {
    severity: 'warning',
    title: 'The example is there twice',
    why: 'A repeated example counts double in training and is often a slip in preparing the data.',
    text: (fields: FirstPlace) => ({
      found: `the same example as ${atFirstPlace(fields)}`,
      expected: 'every example once',
      remedy: 'Remove one, unless it is meant to weigh more.',
    }),
  },
  conflicting_outputs: {
    severity: 'warning',
    title: 'The same input has two outputs',
    why: 'The model is asked for different answers to one question, and learns neither well.',
    text: (fields: FirstPlace) => ({
      found: `the input of ${firstPlace(fields)} with another output`,
      expected: 'one output for an input',
      remedy: 'Keep the right one, or tell the two apart in the input.',
    }),
  },
  dataset_compared_in_part: {
    severity: 'advice',
    title: 'Not all examples were compared with each other',
    why: 'What is there twice is found exactly among the first 1,048,576 different inputs, which are kept; what comes later is compared with these alone.',
    text: (fields: { comparedWith: number }) => ({
      found: `more than ${fields.comparedWith} different inputs`,
      expected: 'so many that all can be compared',
      remedy: 'Look for duplicates before you upload so large a file, if they matter.',
    }),
  },
  evaluation_is_training: {
    severity: 'warning',
    title: 'The evaluation data is training data',
    why: 'What the model has seen in training says nothing of how it does on new data: the loss of such an evaluation only falls.',
    text: (fields: { examples: number }) => ({
      found: `all ${counted(fields.examples, 'example')}, with the same outputs, in the training data too`,
      expected: 'evaluation data that training has not seen',
      remedy: 'Remove these examples from the training data, or name another file for the evaluation.',
    }),
  },
  evaluation_overlap: {
    severity: 'warning',
    title: 'An evaluation example is also in the training data',
    why: 'What the model has seen in training says nothing of how it does on new data.',
    text: (fields: FirstPlace & { sameOutput: boolean }) => ({
      found: `the input of ${firstPlace(fields)} of the training data, with ${fields.sameOutput ? 'the same' : 'another'} output`,
      expected: 'evaluation data that training has not seen',
      remedy: 'Remove it from one of the two files.',
    }),
  },
  dataset_too_few_examples: {
    severity: 'error',
    title: 'The data set has too few examples',
    why: 'Training needs at least 10 examples (guide, "Prepare a supervised tuning data set"), evaluation 10 to 250 (guide, EVAL_DATASET_URI).',
    text: (fields: { examples: number; min: number }) => ({
      found: counted(fields.examples, 'example'),
      expected: `at least ${fields.min}`,
      remedy: 'Add examples.',
    }),
  },
  dataset_too_many_examples: {
    severity: 'error',
    title: 'The data set has too many examples',
    why: `A text data set holds at most 10,000 examples (${GUIDE_FORMAT}), an evaluation data set 250 (guide, EVAL_DATASET_URI). Gemini: 10,000,000, of which 300,000 where any names a file, and 5,000 for the evaluation (${SFT_PAGE}).`,
    text: (fields: { examples: number; max: number; isRestUnread?: boolean | undefined }) => ({
      found: fields.isRestUnread
        ? `${counted(fields.examples, 'example')} so far; the rest of the file was not read`
        : counted(fields.examples, 'example'),
      expected: `at most ${fields.max}`,
      remedy: `Keep ${fields.max} examples, the most telling ones.`,
    }),
  },
  dataset_too_many_authors: {
    severity: 'error',
    title: 'The data set has too many messages',
    why: `A chat data set holds at most 10,000 \`author\` fields over all messages of all examples (${GUIDE_FORMAT}).`,
    text: (fields: { authors: number; max: number }) => ({
      found: counted(fields.authors, '`author` field'),
      expected: `at most ${fields.max}`,
      remedy: 'Keep fewer or shorter conversations.',
    }),
  },
  dataset_few_examples: {
    severity: 'advice',
    title: 'More examples would give a better model',
    why: 'The guide recommends at least 100 to 500 examples, for chat at least 200 ("Recommended configurations").',
    text: (fields: { examples: number; recommended: number }) => ({
      found: counted(fields.examples, 'example'),
      expected: `${fields.recommended} or more`,
      remedy: 'Add examples if you have them.',
    }),
  },
  dataset_instructions_missing: {
    severity: 'advice',
    title: 'Some inputs lack the instruction of the others',
    why: 'Without instructions the tuned model does worse, most of all on a small data set (guide, "Include instructions in examples"). Seen by how the inputs begin, so it may be meant.',
    text: (fields: { without: number; examples: number }) => ({
      found: `${fields.without} of ${counted(fields.examples, 'input')} that begin otherwise than the rest`,
      expected: 'the same instruction at the beginning of every input',
      remedy: 'Add the instruction, and send it in production in the same form.',
    }),
  },
  dialogue_rounds_rare: {
    severity: 'warning',
    title: 'Hardly any dialogue has more than one round',
    why: 'Where words such as “User:” mark the turns of a dialogue in one text, an answer that quotes a dialogue looks like more turns. Nearly all dialogues of the file have one question and its answer, so that the others may be such quotes.',
    text: (fields: FirstPlace & { several: number; dialogues: number }) => ({
      found: `${fields.several} of ${counted(fields.dialogues, 'dialogue')} with more than one round, first ${atFirstPlace(fields)}`,
      expected: 'marks of turns where turns begin, and not where somebody quotes them',
      remedy:
        'Look at these. If their answers quote a dialogue, put the marks in it in backquotes; if they have more rounds, nothing has to be done.',
    }),
  },
  choices_from_one: {
    severity: 'warning',
    title: 'The first choice is never the right one',
    why: 'A number as the answer of multiple choice is the place of the right one, counted from 0 as in MMLU. Where it is never 0, the file may count from 1; every answer is learnt one choice too late then.',
    text: ({ answers }: { answers: number }) => ({
      found: `${counted(answers, 'answer')} that are numbers, and none of them 0`,
      expected: 'places counted from 0',
      remedy:
        'If the file counts from 1, take 1 from each answer, with its field in place of answer: jq -c \'if type == "array" then .[] else . end | .answer |= (tonumber - 1)\' FILE > fixed.jsonl. If the first choice is indeed never right, nothing has to be done.',
    }),
  },
  answers_judged: {
    severity: 'error',
    title: 'Good and bad answers stand beside each other',
    why: 'Rows that say of one answer each whether it is a good one are unpaired preferences, as for KTO. No model here is tuned on them, and one that is tuned on answers would learn the bad ones, too. A number or a word may say something else, so that nobody guesses; `true` and `false` are read, and bad answers left out where the manifest accepts that.',
    text: (fields: JudgedAnswers) => ({
      found: `unpaired preferences: "${fields.field}" is ${fields.good} in ${counted(fields.goodCount, 'example')} and ${fields.bad} in ${counted(fields.badCount, 'example')}`,
      expected: 'answers that the model should learn to give',
      remedy: remedyOfJudged(fields),
    }),
  },
  dataset_no_instructions: {
    severity: 'advice',
    title: 'The inputs seem to hold no instruction',
    why: 'Outputs that are few and short look like classes. Classification without instructions works, but the tuned model does worse, most of all on a small data set (guide, "Include instructions in examples").',
    text: (fields: { labels: number; areClasses?: boolean }) => ({
      found: `inputs that all begin differently, with ${counted(fields.labels, 'different output')}`,
      expected: fields.areClasses
        ? 'an instruction that names the classes before each text'
        : 'an instruction before each text',
      remedy: fields.areClasses
        ? 'Begin each input with: Classify the following text into one of the following classes: [...] Text:'
        : 'Begin each input with a sentence that says what to do with the text.',
    }),
  },
  dataset_label_imbalance: {
    severity: 'advice',
    title: 'Some labels are much rarer than others',
    why: 'A model that has seen a label only a few times seldom answers with it.',
    text: (fields: { most: number; least: number }) => ({
      found: `${counted(fields.most, 'example')} of the most frequent label and ${fields.least} of the rarest`,
      expected: 'about as many of each, at most ten times as many',
      remedy: 'Add examples of the rare labels.',
    }),
  },
  dataset_single_label: {
    severity: 'warning',
    title: 'All examples have the same label',
    why: 'A classifier that only ever saw one label learns to answer with it whatever it is asked.',
    text: (fields: { examples: number }) => ({
      found: `the same output in ${counted(fields.examples, 'example')}`,
      expected: 'at least two labels',
      remedy: 'Add examples of the other classes, or choose another `task` in the manifest.',
    }),
  },
  evaluation_label_unknown: {
    severity: 'warning',
    title: 'A label of the evaluation is not in the training data',
    why: 'A model seldom answers with a class that it never saw, so these examples count as wrong whatever the training is worth.',
    text: (fields: { count: number; training: string }) => ({
      found: `a label used ${counted(fields.count, 'time')} that no example of ${fields.training} has`,
      expected: 'labels that the training data has too',
      remedy:
        'Add training examples of this class, or leave it out of the evaluation; look for another spelling first.',
    }),
  },
  dataset_label_typo: {
    severity: 'advice',
    title: 'A label looks like another one, misspelled',
    why: 'Each spelling is a class of its own to the model.',
    text: (fields: FirstPlace & { count: number; otherCount: number }) => ({
      found: `a label used ${counted(fields.count, 'time')} that is almost the one of ${firstPlace(fields)}, used ${counted(fields.otherCount, 'time')}`,
      expected: 'one spelling for each label',
      remedy: 'Use the same spelling, if the same is meant.',
    }),
  },
} as const;

function expectedOfSplit({
  cutFrom,
  isHalf,
  asked,
}: {
  cutFrom?: number | undefined;
  isHalf?: boolean | undefined;
  asked?: number | undefined;
}): string {
  if (cutFrom !== undefined) {
    const why = isHalf ? 'at most half of the examples are kept' : 'which is more than the model takes';
    return `${cutFrom} examples for the evaluation, as evaluation_split asks; ${why}`;
  }
  if (asked === undefined) return 'evaluation data that training has not seen';
  return `${counted(asked, 'example')}, as far as examples with one input, which stay together, make that up`;
}

function remedyOfSplit(fields: { examples: number; needed: number; works?: number | undefined }): string {
  const { examples, needed, works } = fields;
  if (works !== undefined) return `Write "evaluation_split": ${works}.`;
  if (examples < needed) {
    return `Add ${counted(needed - examples, 'example')} or more, or remove evaluation_split.`;
  }
  return 'Too many examples share their input to be parted: remove evaluation_split, and name a file in evaluation_data_uri if you have one.';
}

import { MAX_FILES_LOOKED_AT, type NamedFileKind } from '../models/file-kinds.ts';
import { atFirstPlace, counted, type FirstPlace, SFT_PAGE } from './dataset-words.ts';
import type { SpeakerFound } from './speakers.ts';

type NamedFilesFields = Record<NamedFileKind | 'examples' | 'byHttps', number> & {
  lookedAt?: number | undefined;
};

function looks(lookedAt: number | undefined): string {
  return lookedAt === undefined ? 'nobody looked at them here' : `${lookedAt} different ones were looked at`;
}

/** What can be wrong with examples made of turns, parts and files: those of Gemini and of open models. */
export const TURN_ISSUES = {
  role_unknown: {
    severity: 'error',
    title: 'The role of a turn is unknown',
    why: 'A turn of Gemini data is the user’s or the model’s; open models have "system", "user" and "assistant" (Google Cloud, "Prepare supervised fine-tuning data").',
    text: (fields: SpeakerFound & { allowed: string }) => ({
      found: roleInWords(fields),
      expected: fields.allowed,
      remedy: remedyOfRole(fields),
    }),
  },
  turns_without_user: {
    severity: 'error',
    title: 'Nobody asks the model anything',
    why: 'The model learns to answer what the user says, so that an example has at least one turn of the user.',
    text: () => ({
      found: 'no turn of the user',
      expected: 'a turn of the user before the answer',
      remedy: 'Add what the user says, or remove the example.',
    }),
  },
  last_turn_not_model: {
    severity: 'error',
    title: 'The example does not end with the answer of the model',
    why: 'What the model is to learn is its last turn.',
    text: () => ({
      found: 'a last turn that is not the model’s',
      expected: 'role "model" in the last turn',
      remedy: 'Add the answer that the model should give, or remove what follows it.',
    }),
  },
  last_turn_not_user: {
    severity: 'error',
    title: 'The example does not end with the user',
    why: 'The completions of preference tuning answer the last turn, which is the user’s (Google Cloud, "Prepare preference tuning data").',
    text: () => ({
      found: 'a last turn that is not the user’s',
      expected: 'role "user" in the last turn of "contents"',
      remedy: 'Move the answers of the model into "completions".',
    }),
  },
  part_unknown: {
    severity: 'error',
    title: 'A part holds nothing that the model can read',
    why: 'A part is a text, a file, a call of a function or its answer.',
    text: () => ({
      found: 'a part without text, fileData, functionCall or functionResponse',
      expected: 'one of them',
      remedy: 'Write {"text": "…"} or name the file in "fileData".',
    }),
  },
  part_thought: {
    severity: 'error',
    title: 'A part is what the model thought, and no part of its answer',
    why: 'Gemini marks what it thinks before it answers with "thought": true. Trained on, it would be said aloud.',
    text: () => ({
      found: 'a part with "thought": true',
      expected: 'parts that the user reads',
      remedy:
        "Take these parts out: jq -c 'del(.. | .parts? | arrays | .[] | select(.thought? == true))' FILE > fixed.jsonl",
    }),
  },
  part_inline_data: {
    severity: 'error',
    title: 'A part holds a file itself',
    why: 'Tuning reads files from Cloud Storage: the data set names them in "fileData".',
    text: () => ({
      found: 'inlineData',
      expected: 'fileData with mimeType and fileUri',
      remedy: 'Upload the file beside the data set and name it as {"fileData": {"mimeType", "fileUri"}}.',
    }),
  },
  system_not_text: {
    severity: 'error',
    title: 'The system instruction holds a file',
    why: 'A system instruction has text parts only.',
    text: () => ({
      found: 'a file in systemInstruction',
      expected: 'text parts',
      remedy: 'Move the file into a turn of the user.',
    }),
  },
  file_kind_unknown: {
    severity: 'error',
    title: 'The kind of a file is not known',
    why: 'Gemini is tuned on images, PDF documents, audio and video; the mimeType says which of them a file is.',
    text: () => ({
      found: 'no mimeType, or another one',
      expected: 'image/…, application/pdf, audio/… or video/…',
      remedy: 'Write the mimeType of the file.',
    }),
  },
  file_not_allowed: {
    severity: 'error',
    title: 'An example names a file that this deployment does not let the job read',
    why: 'A job reads files with rights that the author of a data set does not have, so that they come from the inbox or from a bucket that the administrator lists; where teams are separated, from the team’s top-level folder of the inbox.',
    text: () => ({
      found: 'a fileUri elsewhere',
      expected:
        'a gs:// URI in the inbox, or in a bucket that the administrator lists; https only where the deployment takes it',
      remedy:
        'Upload the file to the inbox and name it there, or ask the administrator to list its bucket (ALLOWED_DATA_BUCKETS) or to take files by https (HTTPS_FILES).',
    }),
  },
  files_too_many: {
    severity: 'error',
    title: 'An example names too many files of a kind',
    why: 'Google Cloud, "Tune Gemini models by using supervised fine-tuning": 30 images, 4 documents, 1 audio and 1 video an example.',
    text: (fields: { kind: string; count: number; most: number }) => ({
      found: `${fields.count} of the kind ${fields.kind}`,
      expected: `at most ${fields.most}`,
      remedy: 'Leave files out, or make several examples of this one.',
    }),
  },
  file_not_found: {
    severity: 'error',
    title: 'A file that an example names is not there',
    why: 'The job reads it from Cloud Storage, and drops the example or fails without it.',
    text: (fields: { kind: NamedFileKind }) => ({
      found: `no file of the kind ${fields.kind} under the fileUri`,
      expected: 'a file that is uploaded before the manifest',
      remedy: 'Upload the file, or correct its name, then upload the manifest again.',
    }),
  },
  file_without_content: {
    severity: 'error',
    title: 'A file that an example names is empty',
    why: 'Nothing can be learnt from it; most often an upload broke off.',
    text: (fields: { kind: NamedFileKind }) => ({
      found: `0 bytes in a file of the kind ${fields.kind}`,
      expected: 'a file with content',
      remedy: 'Upload the file again, then the manifest.',
    }),
  },
  file_too_large: {
    severity: 'error',
    title: 'A file that an example names is too large',
    why: `${SFT_PAGE}: images and PDF documents have at most 20 MB, audio and video at most 100 MB.`,
    text: (fields: { kind: NamedFileKind; bytes: number; most: number }) => ({
      found: `${fields.bytes} bytes in a file of the kind ${fields.kind}`,
      expected: `at most ${fields.most} bytes`,
      remedy: 'Make the file smaller, then upload the manifest again.',
    }),
  },
  file_kind_differs: {
    severity: 'warning',
    title: 'A file is of another kind than the example says',
    why: 'Cloud Storage has the type that the file was uploaded with, the example has a mimeType, and one of them is wrong.',
    text: (fields: { kind: NamedFileKind; stored: NamedFileKind }) => ({
      found: `the kind ${fields.kind} in the example, the kind ${fields.stored} in Cloud Storage`,
      expected: 'the same kind in both',
      remedy: 'Correct the mimeType, or upload the file with its type.',
    }),
  },
  files_not_copied: {
    severity: 'advice',
    title: 'Examples name files, which are not copied',
    why: `The data set is copied before it is checked; the files that it names are not, and the job reads them where they lie. What is uploaded is looked at without being read, of at most ${MAX_FILES_LOOKED_AT} different files of a data set: whether it is there, its size, its type. Not checked are the minutes of audio and video, the pages of documents, and files named by https, which nobody here fetches.`,
    text: ({ examples, byHttps, lookedAt, ...kinds }: NamedFilesFields) => ({
      found: `${counted(
        Object.values(kinds).reduce((sum, count) => sum + count, 0),
        'file',
      )} named in ${counted(examples, 'example')}; ${looks(lookedAt)}${byHttps > 0 ? `; the size of ${byHttps} named by https is not known` : ''}`,
      expected: 'files that stay as they are until the run has ended',
      remedy: 'Nothing has to be done; do not replace or delete the files while the run lasts.',
    }),
  },
  media_resolution_differs: {
    severity: 'error',
    title: 'The resolution of videos differs between lines',
    why: `${SFT_PAGE}: mediaResolution is the same on every line; only Gemini 3 takes it per part.`,
    text: (fields: FirstPlace) => ({
      found: `another mediaResolution than ${atFirstPlace(fields)}, or none`,
      expected: 'one for all lines',
      remedy: 'Write the same mediaResolution on every line, or tune a Gemini 3 model.',
    }),
  },
  media_resolution_in_part: {
    severity: 'warning',
    title: 'A part has a resolution of its own',
    why: `${SFT_PAGE}: mediaResolution of a part is of Gemini 3; what another model makes of it no page says.`,
    text: () => ({
      found: 'mediaResolution in a part',
      expected: 'generationConfig.mediaResolution, the same on every line',
      remedy: 'Move it into generationConfig, or tune a Gemini 3 model.',
    }),
  },
  function_call_refused: {
    severity: 'warning',
    title: 'This model was seen to refuse calls of functions',
    why: 'A job of a Gemini 2.5 model ended with "unsupported modality [function call]" on data that 2.0 took (googleapis/python-aiplatform#6127). No page says it, and one case is no rule.',
    text: () => ({
      found: 'functionCall or functionResponse',
      expected: 'text and files, to be sure',
      remedy: 'Tune a Gemini 3 model, or leave these examples out.',
    }),
  },
  content_part_unknown: {
    severity: 'error',
    title: 'A part of a message is of an unknown type',
    why: 'The content of a message is a text, or a list of {"type": "text"} and {"type": "image_url"} (Google Cloud, "Tune open models").',
    text: () => ({
      found: 'a part of no type, or of another one',
      expected: '{"type": "text", "text"} or {"type": "image_url", "image_url": {"url"}}',
      remedy: 'Write the part as one of the two.',
    }),
  },
  completions_not_a_pair: {
    severity: 'error',
    title: 'The completions are not a better and a worse one',
    why: 'Preference tuning takes exactly two completions, one with the score 1 and one with the score 0 (Google Cloud, "Prepare preference tuning data").',
    text: (fields: { count: number }) => ({
      found: counted(fields.count, 'completion'),
      expected: 'two, with the scores 1 and 0',
      remedy: 'Keep the better completion with "score": 1 and one worse with "score": 0.',
    }),
  },
  preference_prompts_differ: {
    severity: 'error',
    title: 'The two answers are not to the same',
    why: 'Where both sides of a preference are whole conversations, all turns before the last are what was asked, and the last ones are the answers. Where the sides part before that, nobody can say which turns belong to the question.',
    text: () => ({
      found: 'two conversations that differ before their last turns',
      expected: 'the same turns in both, and then another answer in each',
      remedy: 'Cut both behind the first answers that differ, or remove the example.',
    }),
  },
  preference_undecided: {
    severity: 'error',
    title: 'Nothing says which answer is the better one',
    why: 'A preference teaches by a better and a worse answer. Which one is which, nobody guesses.',
    text: ({ expected, decided }: { expected: string; decided: string }) => ({
      found: 'two answers of which neither is said to be the better one',
      expected,
      remedy: `Remove such examples: jq -c 'if type == "array" then .[] else . end | select(${decided})' FILE > fixed.jsonl`,
    }),
  },
  completions_alike: {
    severity: 'warning',
    title: 'Both completions are the same',
    why: 'A pair teaches by its difference.',
    text: () => ({
      found: 'the same text twice',
      expected: 'a better and a worse answer',
      remedy: 'Remove the example, or correct one of its completions.',
    }),
  },
  preference_not_text: {
    severity: 'error',
    title: 'An example of preferences holds a file',
    why: 'Preference tuning takes text alone (Google Cloud, "Prepare preference tuning data").',
    text: () => ({
      found: 'a file',
      expected: 'text parts',
      remedy: 'Remove the file, or tune with "tuning_method": "supervised".',
    }),
  },
} as const;

function roleInWords({ found, isMissing }: SpeakerFound): string {
  if (isMissing) return 'no role';
  return found === undefined ? 'another role' : JSON.stringify(found);
}

function remedyOfRole({ found, write, allowed }: SpeakerFound & { allowed: string }): string {
  if (write !== undefined) return `Write "${write}" in place of "${found}".`;
  if (found?.toLowerCase() !== 'system' || !allowed.includes('"user"')) return `Write ${allowed}.`;
  return 'Move what it says out of the turns: "systemInstruction": {"parts": [{"text": …}]}.';
}

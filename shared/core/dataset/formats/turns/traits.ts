import type { FirstPlace } from '../../../issues/dataset-words.ts';
import { isObject, type ParsedObject } from '../../../json/values.ts';
import type { GeminiTraits } from '../../../models/tuning-models.ts';
import { firstOf } from '../../lines/progress.ts';
import type { FileTools } from '../../lines/text-file.ts';
import type { FilePart } from '../../tallies/named-files.ts';
import { member } from './parts.ts';

/** What of an example depends on the model. */
interface ExampleTraits {
  files: readonly FilePart[];
  firstCall?: string | undefined;
  firstResolution?: string | undefined;
}

export interface TraitCheck {
  /** Reports what not every Gemini model is tuned on. */
  check(example: ParsedObject, traits: ExampleTraits): void;
}

const PATH = 'generationConfig.mediaResolution';

/** Makes the check of one data set; without traits everything is right. */
export function createTraitCheck(
  { report, progress }: FileTools,
  traits: GeminiTraits | undefined,
): TraitCheck {
  let first: { resolution: unknown; place: FirstPlace } | undefined;

  function checkResolution(example: ParsedObject): void {
    const config = member(example, 'generationConfig', 'generation_config');
    const resolution = isObject(config) ? member(config, 'mediaResolution', 'media_resolution') : undefined;
    first ??= { resolution, place: firstOf(progress.line, progress.record) };
    if (resolution !== first.resolution) report('media_resolution_differs', first.place, { path: PATH });
  }

  return {
    check(example, { files, firstCall, firstResolution }) {
      if (traits === undefined) return;
      if (traits.functionCallsRefused && firstCall !== undefined)
        report('function_call_refused', {}, { path: firstCall });
      if (traits.mediaResolution === 'part') return;
      if (firstResolution !== undefined) report('media_resolution_in_part', {}, { path: firstResolution });
      if (files.some(({ kind }) => kind === 'video')) checkResolution(example);
    },
  };
}

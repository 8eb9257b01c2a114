import type { FolderCheck } from './check-folder.ts';

/** Something that was not looked at here, and why. */
export interface NotChecked {
  /** A key of the manifest, or what else it is. */
  what: string;
  uri?: string;
  /** A sentence or two. */
  why: string;
  /** True: a mistake in it would be one in the data that is trained on. */
  isData: boolean;
}

type Looked = Pick<FolderCheck, 'elsewhere' | 'preTunedModel' | 'datasets'>;

/** What could not be looked at in a folder, without what only a deployment knows of any folder. */
export function notCheckedIn({ elsewhere, preTunedModel, datasets }: Looked): NotChecked[] {
  const files = elsewhere.map(({ key, uri, why }) => ({
    ...{ what: key, uri, isData: true },
    why: `Not checked: ${key}, since ${uri} is not in this folder.${why === undefined ? '' : ` ${why}`}`,
  }));
  return [...files, ...namedFiles(datasets), ...modelOf(preTunedModel)];
}

/** What a deployment allows is known to it alone. */
export const AT_UPLOAD: NotChecked = {
  what: 'deployment',
  why: 'Which buckets, accounts, keys, TensorBoards and directories a deployment allows is checked at upload; so are its cap on costs and its prices, unless --max-cost-usd, --model-prices and --unknown-prices say them here. Steps, tokens and accelerators are held against the caps of a deployment that sets none, unless --max-train-steps, --max-training-tokens and --max-accelerators say its own. A model that Google has retired is refused by a deployment unless its administrator allows it, and only warned of here: --retired-models error answers as that.',
  isData: false,
};

/** Whether a folder is right, as far as that is known: null where nothing is wrong in what was read, and not all data was. */
export function isRight(checked: Looked & Pick<FolderCheck, 'issueCount'>): boolean | null {
  if (checked.issueCount.error > 0) return false;
  return notCheckedIn(checked).some(({ isData }) => isData) ? null : true;
}

/** What a plan lacks in a manifest that leaves its base model to the deployment. */
const BASE_MISSING =
  'No plan: base_model is left out, and only the deployment knows what pre_tuned_model was made from. Add base_model to have one here.';

function modelOf(model: FolderCheck['preTunedModel']): NotChecked[] {
  if (model === undefined) return [];
  const why = `Not checked: pre_tuned_model, since only the deployment knows ${model.name}.`;
  const named = { what: 'pre_tuned_model', uri: model.name, why, isData: false };
  return model.isBaseKnown ? [named] : [named, { what: 'plan', why: BASE_MISSING, isData: false }];
}

/** Files that examples name lie in buckets, where nobody looks offline. */
function namedFiles(datasets: FolderCheck['datasets']): NotChecked[] {
  return Object.entries(datasets).flatMap(([key, statistics]) => {
    if (statistics === undefined || !('files' in statistics) || !statistics.files) return [];
    const why = `Not checked: the files that examples of ${key} name, since they are not in this folder.`;
    return [{ what: `${key}: files`, why, isData: true }];
  });
}

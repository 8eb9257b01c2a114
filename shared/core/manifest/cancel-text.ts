import { editMembers } from '../json/edit.ts';
import { parsedOrNot } from '../json/parsed.ts';
import { isObject } from '../json/values.ts';

/** The text of a manifest that asks for the end of its runs: as it was written, with `cancel`; of what is no JSON object that key alone. */
export function cancelText(manifest: string): string {
  const content = parsedOrNot(manifest);
  if (!isObject(content) || Object.keys(content).length === 0) return '{ "cancel": true }\n';
  if (Object.hasOwn(content, 'cancel')) return editMembers(manifest, [{ path: ['cancel'], value: true }]);
  return manifest.replace(/\{(\s*)/, '{$1"cancel": true,$1');
}

/** A path as jq has it: `.hits.hits[]._source`. */
export function pathOfJq(steps: readonly (string | number | null)[]): string {
  const written = steps.map((step) => {
    if (step === null) return '[]';
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `.${JSON.stringify(step)}`;
  });
  return written.join('').replace(/^\[/, '.[');
}

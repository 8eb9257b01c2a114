/** Numbers as a person reads them. The same text on every machine, and without the rules of every language that Node would load. */

/** `12,345`; fractions keep at most two digits. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e15) return value.toExponential(2);
  return grouped(String(Math.round(value * 100) / 100));
}

/** To the cent: `1,234.50`. */
export function dollarsText(amount: number): string {
  return grouped(amount.toFixed(2));
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

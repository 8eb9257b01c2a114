/** The value of a text that is JSON, else undefined, which no value of JSON is. */
export function parsedOrNot(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

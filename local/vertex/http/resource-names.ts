/** The name with the project's number, as the API answers with it, whichever of the two the caller wrote. */
export function withProjectNumber(
  name: string,
  { projectId, projectNumber }: { projectId: string; projectNumber: string },
): string {
  const prefix = `projects/${projectId}/`;
  return name.startsWith(prefix) ? `projects/${projectNumber}/${name.slice(prefix.length)}` : name;
}

/** `us-central1` of `projects/1/locations/us-central1/…`. */
export const locationOf = (name: string): string => name.split('/')[3] ?? '';

/** The last part of a name. */
export const lastPartOf = (name: string): string => name.split('/').at(-1) ?? '';

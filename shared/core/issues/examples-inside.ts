import { pathOfJq } from './jq-path.ts';

/** Where examples lie that lie inside of something else. */
export interface PlaceInside {
  /** What leads to them: names of members; null for every member or element. */
  steps: readonly (string | null)[];
  /** Whether each is there as its JSON, in a text. */
  isText?: boolean | undefined;
  /** Whether all of them are in that one text. */
  areTogether?: boolean | undefined;
}

const pathOf = ({ steps }: PlaceInside) => pathOfJq(steps) || '.';

/** What is in a text: a list, one value, or lines; and what is in the texts in that. */
const ROWS =
  'def rows: if type == "string" then (fromjson? // (split("\\n")[] | select(test("\\\\S")) | fromjson)) | rows elif type == "array" then .[] | (if type == "array" then . else rows end) else . end';

export function foundInside(place: PlaceInside): string {
  if (place.areTogether)
    return `examples under ${pathOf(place)}, all in one text: their JSON was made JSON again`;
  return `examples under ${pathOf(place)}${place.isText ? ', each as its JSON in a text' : ''}`;
}

/** What takes them out. */
export function remedyOfInside(place: PlaceInside): string {
  const path = pathOf(place);
  if (place.areTogether)
    return `Undo that, and write each on a line of its own: jq -c '${ROWS}; ${path} | rows' FILE > fixed.jsonl`;
  if (place.isText)
    return `Write each on a line of its own; texts that hold no object are left out, such as other lines of a log, and pieces of a line that a log has cut: jq -c '${path} | fromjson? | objects' FILE > fixed.jsonl`;
  return `Write each on a line of its own: jq -c '${path}' FILE > fixed.jsonl`;
}

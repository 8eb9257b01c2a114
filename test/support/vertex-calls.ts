import type { VertexCall } from '../../shared/adapters/vertex/client.ts';

/** Where a call goes, query and all. */
export function urlOf({ url, query }: Pick<VertexCall, 'url' | 'query'>): URL {
  const whole = new URL(url);
  whole.search = new URLSearchParams(query).toString();
  return whole;
}

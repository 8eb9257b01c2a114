import type { OutgoingHttpHeaders } from 'node:http';

/** Headers of a page: our styles, our one script by its nonce, requests to this server alone, and nothing else. */
export function pageHeaders(nonce: string): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    ...COMMON_HEADERS,
  };
}

/** Nothing is kept or embedded elsewhere; what every server of this machine says comes on top. */
export const COMMON_HEADERS: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

import type { OutgoingHttpHeaders } from 'node:http';

/** Headers of a page: our styles, our one script by its nonce, requests to this server alone, and nothing else. */
export function pageHeaders(nonce: string): OutgoingHttpHeaders {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    ...COMMON_HEADERS,
  };
}

/** Nothing is kept, guessed, embedded elsewhere, or read by another site. */
export const COMMON_HEADERS: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/**
 * Whether a request means this server. A site elsewhere can let its own name point to this machine (DNS rebinding); its pages
 * then send that name.
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

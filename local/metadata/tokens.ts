/** Access and identity tokens that satisfy a client's parser. Nobody can verify them, and nothing on this machine does. */

import { ANYBODY } from '../callers.ts';

const TOKEN_LIFETIME_SECONDS = 3599;

export interface Identity {
  email: string;
  /** Seconds since the epoch. */
  issuedAt: number;
}

/** An OAuth token answer (docs.cloud.google.com/compute/docs/access/authenticate-workloads); it names who asked for it. */
export function accessToken(count: number, caller: string) {
  const token = caller === ANYBODY ? `local-${count}` : `local-${count}-${caller}`;
  return { access_token: token, expires_in: TOKEN_LIFETIME_SECONDS, token_type: 'Bearer' };
}

/** A JSON Web Token with Google's claims and, in place of a signature, the word "unsigned". */
export function identityToken(audience: string, { email, issuedAt }: Identity): string {
  const header = { alg: 'RS256', kid: 'local', typ: 'JWT' };
  const claims = {
    aud: audience,
    azp: 'local',
    email,
    email_verified: true,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
    iat: issuedAt,
    iss: 'https://accounts.google.com',
    sub: 'local',
  };
  const parts = [JSON.stringify(header), JSON.stringify(claims), 'unsigned'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

import { afterAll, expect } from 'vitest';
import { watchOutbound } from '../../local/functions/outbound.ts';

/** Set up before every test file: none may reach out for another machine. What functions reach is refused in their own processes. */
const hosts = new Set<string>();

/** Names that are made up to be refused, and have no address (RFC 6761, 6.4). */
const NOBODY = /\.(?:invalid|example|test)$/;

watchOutbound((host) => {
  if (!NOBODY.test(host)) hosts.add(host);
});

afterAll(() => {
  expect([...hosts], 'hosts beyond this machine that the tests reached out for').toEqual([]);
});

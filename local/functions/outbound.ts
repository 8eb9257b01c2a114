import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;

/** Hears of every host beyond this machine that this process is about to ask for or to connect to; what it throws keeps that from happening. */
export function watchOutbound(onHost: (host: string) => void): void {
  const hear = (host: unknown) => {
    if (typeof host === 'string' && host !== '' && !LOOPBACK.test(host)) onHost(host);
  };
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...call: unknown[]) {
    hear(hostOf(call));
    return Reflect.apply(connect, this, call);
  };
  for (const home of [dns, dns.promises] as { lookup: (...call: unknown[]) => unknown }[]) {
    const { lookup } = home;
    home.lookup = (...call) => {
      hear(call[0]);
      return lookup(...call);
    };
  }
  syncBuiltinESMExports();
}

/** Node itself calls with its arguments in a list; a socket of a file has no host. */
function hostOf(call: readonly unknown[]): unknown {
  const [first, second] = Array.isArray(call[0]) ? call[0] : call;
  if (typeof first === 'object' && first !== null && 'host' in first) return first.host;
  return typeof first === 'number' || /^\d+$/.test(String(first)) ? second : undefined;
}

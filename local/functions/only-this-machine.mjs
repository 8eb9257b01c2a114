// Preloaded into every function process. functions-framework listens on every address of the machine and answers whoever asks: Cloud
// Run keeps others away from it. Here nobody does, so it listens on loopback, and web pages are refused as everywhere in this cloud. It
// reaches nobody beyond this machine either, but the emulators that somebody named.
import { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { refuseForeign } from '../loopback-guard.ts';
import { watchOutbound } from './outbound.ts';

const listen = NetServer.prototype.listen;
NetServer.prototype.listen = function (port, ...rest) {
  const whenListening = rest.filter((argument) => typeof argument === 'function');
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, ...whenListening);
};

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...rest) {
  if (event !== 'request' || !refuseForeign(...rest)) return emit.call(this, event, ...rest);
  const [request] = rest;
  request.resume();
  return true;
};

const emulators = Object.entries(process.env).flatMap(([name, address]) =>
  name.endsWith('_EMULATOR_HOST') ? [address?.replace(/^https?:\/\//, '').replace(/:\d+$/, '')] : [],
);
watchOutbound((host) => {
  if (!emulators.includes(host))
    throw new Error(`${host} is not this machine, and nothing here may reach it`);
});

// Preloaded into every function process. Serves as many requests at a time as REQUESTS_AT_ONCE says; the others wait for their
// turn, as they do at Cloud Run when every instance has as many as it takes.
import { Server } from 'node:http';

const atOnce = Number(process.env.REQUESTS_AT_ONCE ?? Number.POSITIVE_INFINITY);
const waiting = [];
let served = 0;

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...rest) {
  if (event !== 'request') return emit.call(this, event, ...rest);
  waiting.push({ server: this, rest });
  serveNext();
  return true;
};

function serveNext() {
  while (served < atOnce && waiting.length > 0) {
    const { server, rest } = waiting.shift();
    const [, response] = rest;
    // Whoever asked has gone meanwhile.
    if (response.destroyed) continue;
    served += 1;
    response.once('close', () => {
      served -= 1;
      serveNext();
    });
    emit.call(server, 'request', ...rest);
  }
}

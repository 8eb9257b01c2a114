// Preloaded into every function process. Google's storage client, through teeny-request 11.1, hangs eleven listeners on the stream
// of each download, one more than Node expects of a stream; it ends with its download, so nothing leaks. Their tracker knows it:
// "MaxListenersExceededWarning (11 error/close listeners on PassThrough) on every createReadStream()".
// That warning alone is left out; one about another emitter or a twelfth listener is printed as ever.
import { PassThrough } from 'node:stream';

const warn = process.emitWarning;
/** Those with the warning of 'error'; the warning of 'close' follows, with a stack that is cut off before the client. */
const downloads = new WeakSet();

process.emitWarning = (warning, ...rest) => {
  if (!isOfDownload(warning)) warn.call(process, warning, ...rest);
};

function isOfDownload(warning) {
  const { name, emitter, type, count, stack } = Object(warning);
  if (name !== 'MaxListenersExceededWarning' || !(emitter instanceof PassThrough) || count !== 11)
    return false;
  if (type === 'error' && stack.includes('teeny-request')) downloads.add(emitter);
  return (type === 'error' || type === 'close') && downloads.has(emitter);
}

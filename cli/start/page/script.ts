import { TOKEN_HEADER } from './actions.ts';

/**
 * What the page does in a browser: a button cancels a run, and files and folders that are dropped on it go into the inbox, the manifests last.
 * At every change it fetches itself again and puts the new content in place of the old, with
 * what was unfolded left unfolded. Times are told as how long ago they were, the exact one on hover. Everything is rendered and escaped on the server; no text is made into markup here.
 */
export const LIVE_SCRIPT = `
const note = document.getElementById('live');
let shown = document.querySelector('main').innerHTML;
let busy = false, again = false;
async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {}
  busy = false;
  if (again) { again = false; refresh(); }
}
const one = (page, selector) => page.querySelector(selector);
function show(page) {
  for (const [selector, part] of [['meta[name=${TOKEN_HEADER}]', 'content'], ['#actions', 'innerHTML']]) {
    const [mine, theirs] = [one(document, selector), one(page, selector)];
    if (mine && theirs && mine[part] !== theirs[part]) mine[part] = theirs[part];
  }
  const before = document.querySelector('main'), after = page.querySelector('main');
  if (!after || after.innerHTML === shown) return;
  shown = after.innerHTML;
  const open = [...before.querySelectorAll('details')].map((one) => one.open);
  after.querySelectorAll('details').forEach((one, index) => { one.open = open[index] ?? false; });
  document.title = page.title;
  before.replaceWith(after);
  ago();
}
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
function ago() {
  for (const one of document.querySelectorAll('time')) {
    const at = new Date(one.dateTime), seconds = Math.round((at - Date.now()) / 1000);
    if (Number.isNaN(seconds)) continue;
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS[3];
    one.title ||= at.toLocaleString() + ' here, ' + one.textContent;
    one.textContent = words.format(Math.trunc(seconds / size), unit);
  }
}
ago();
setInterval(ago, 10000);
async function ask(method, url, body) {
  const headers = { '${TOKEN_HEADER}': one(document, 'meta[name=${TOKEN_HEADER}]').content };
  const answer = await fetch(url, { method, headers, body });
  note.textContent = (await answer.text()).trim();
  return answer.ok;
}
const asked = new Set();
document.addEventListener('click', ({ target }) => {
  const url = target.dataset?.cancel;
  if (!url || asked.has(url)) return;
  asked.add(url);
  target.disabled = true;
  ask('POST', url).then((done) => { target.disabled = done; if (!done) asked.delete(url); });
});
const list = (entry) => new Promise((resolve, reject) => {
  const reader = entry.createReader(), found = [];
  const more = () => reader.readEntries((some) => {
    if (some.length === 0) return resolve(found);
    found.push(...some); more();
  }, reject);
  more();
});
async function filesIn(entry, path) {
  if (entry.name.startsWith('.')) return [];
  if (entry.isFile) return [{ name: path + entry.name, file: await new Promise((found, failed) => entry.file(found, failed)) }];
  const inside = await list(entry);
  return (await Promise.all(inside.map((one) => filesIn(one, path + entry.name + '/')))).flat();
}
const isManifest = ({ name }) => name.endsWith('tune.json') ? 1 : 0;
async function upload(entries) {
  const bare = 'dropped-' + new Date().toISOString().slice(0, 19).replace(/\\D/g, '') + '/';
  const files = (await Promise.all(entries.map((entry) => filesIn(entry, entry.isFile ? bare : '')))).flat();
  files.sort((a, b) => isManifest(a) - isManifest(b));
  for (const [index, { name, file }] of files.entries()) {
    note.textContent = 'Uploading ' + name + ', ' + (index + 1) + ' of ' + files.length;
    const done = await ask('PUT', '/inbox/' + name.split('/').map(encodeURIComponent).join('/'), file);
    if (!done) return;
  }
  note.textContent = files.length === 1 ? 'One file is uploaded.' : files.length + ' files are uploaded.';
}
for (const type of ['dragover', 'drop']) document.addEventListener(type, (event) => {
  if (!event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  if (type === 'dragover') return;
  const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  upload(entries).catch(() => { note.textContent = 'The files could not be read.'; });
});
const events = new EventSource('/events');
events.onopen = () => { note.textContent = 'Live'; refresh(); };
events.onmessage = refresh;
events.onerror = () => { note.textContent = 'Not connected; trying again'; };
`;

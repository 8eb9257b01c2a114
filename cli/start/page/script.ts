/**
 * What the page does in a browser: at every change it fetches itself again and puts the new content in place of the old, with
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
function show(page) {
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
const events = new EventSource('/events');
events.onopen = () => { note.textContent = 'Live'; refresh(); };
events.onmessage = refresh;
events.onerror = () => { note.textContent = 'Not connected; trying again'; };
`;

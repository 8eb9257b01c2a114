/**
 * What the page does in a browser: at every change it fetches itself again and puts the new content in place of the old, with
 * what was unfolded left unfolded. Everything is rendered and escaped on the server; no text is made into markup here.
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
}
const events = new EventSource('/events');
events.onopen = () => { note.textContent = 'Live'; refresh(); };
events.onmessage = refresh;
events.onerror = () => { note.textContent = 'Not connected; trying again'; };
`;

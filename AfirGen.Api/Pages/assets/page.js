// What all pages share: texts, elements, and the line that says that the service is away.
export const page = JSON.parse(document.getElementById('page').textContent);

export function t(name, values = {}) {
  const text = page.texts[name];
  if (text === undefined) throw new Error(`No text ${name}`);
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
}

/** An element; text children are text, never HTML. `on…` properties are listeners, others attributes. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value') element.value = value;
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = (selector) => document.querySelector(selector);

/**
 * Text of others for reading: characters that turn the order of what follows around are named instead of obeyed, or a reader sees another
 * order than the one that is recorded. Fields for writing hold the text itself.
 */
export const readable = (text) =>
  text.replace(/[\u202A-\u202E\u2066-\u2069]/g, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`);

const instants = new Intl.DateTimeFormat(page.language === 'hi' ? 'hi-IN' : 'en-IN', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'Asia/Kolkata',
});

/** In civil time of India, as on the FIR. */
export const instant = (stamp) => instants.format(new Date(stamp));

/** Unique without `crypto.randomUUID`, which plain http on a station's network does not have. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const away = $('#away');

/** Says that the service does not answer, and why nothing is lost; null takes it back. */
export function sayAway(text) {
  away.hidden = text === null;
  if (text !== null && away.textContent !== text) away.textContent = text;
}

const unkept = $('#unkept');

/** Says that what is written here is lost when one leaves before it is sent, or takes that back. */
export function sayUnkept(isUnkept) {
  if (unkept.hidden !== isUnkept) return;
  unkept.hidden = !isUnkept;
  unkept.textContent = isUnkept ? t('unkept') : '';
}

const progress = $('#progress');
const noticed = 300;
const running = new Set();

/** Of what was begun last; what was begun before it may still run. */
function showProgress() {
  const text = [...running].at(-1)?.text ?? '';
  if (progress.textContent !== text) progress.textContent = text;
}

/** Runs work and says that it runs, wherever on the page one is; only when it takes longer than people notice. */
export async function withProgress(text, work) {
  const one = { text };
  const timer = setTimeout(() => {
    running.add(one);
    showProgress();
  }, noticed);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    running.delete(one);
    showProgress();
  }
}

// The service tells these to programs, in the names of headers and versions; to people the page's own words say all of it.
const toldToPrograms = ['stale', 'conflict', 'step-not-current', 'session-expired', 'already-finalized', 'fir-incomplete'];

export function problemText(problem) {
  const kind = (problem?.type ?? '').replace('urn:afirgen:', '');
  const said = page.texts[`problem.${kind}`];
  if (!said) return problem?.detail ?? t('problem.other');
  return problem.detail && page.language === 'en' && !toldToPrograms.includes(kind) ? `${said} ${problem.detail}` : said;
}

// Sends one request until there is an answer to it: with the same Idempotency-Key it has one effect however often it is sent, so after
// a cut connection or a restart the only right thing is to send it again.
import { page, problemText, sayAway, t } from './page.js';
import { isAllKept } from './store.js';

const pauses = [500, 1000, 2000, 3000, 5000];
const longestPause = 5000;

const uploadIsStored = 'urn:afirgen:upload-not-read';

/** Answers that say "not now", whatever the request was. */
function isPassing(status, type) {
  return (
    status === 429 ||
    (status === 503 && type !== uploadIsStored) ||
    status === 504 ||
    status === 502 ||
    (status === 409 && type === 'urn:afirgen:key-in-flight')
  );
}

/** The service failed, and may have done it before: whoever asks again does so with the same key (G3), and not by itself for ever. */
const isUnknown = (status, type) => status >= 500 && type !== uploadIsStored;

function pause(milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
  });
}

function signInAgain() {
  location.assign(`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`);
  return new Promise(() => {}); // the page goes; what is kept is taken up after it
}

/**
 * @param {{method?: string, path: string, key?: string, ifMatch?: string, body?: () => Promise<BodyInit>, json?: object, here?: boolean}} request
 *   whose body is in memory when it has been made; what cannot be made is thrown. `here`: kept by nothing but this page
 * @returns {Promise<{ok: boolean, unknown: boolean, status: number, body: any, etag: string|null}>} a definite answer, unless `unknown`
 */
export async function send(request) {
  for (let attempt = 0; ; attempt++) {
    let wait = pauses[Math.min(attempt, pauses.length - 1)];
    // Read here: to `fetch`, a file that cannot be read looks like a service that does not answer.
    const content = request.json ? JSON.stringify(request.json) : await request.body?.();
    try {
      // The cookie is of whoever signed in last, in any tab: what was written by one is not sent as another.
      const headers = { Accept: 'application/json, application/problem+json', 'X-AfirGen-Viewer': page.viewer };
      if (request.key) headers['Idempotency-Key'] = request.key;
      if (request.ifMatch) headers['If-Match'] = request.ifMatch;
      if (request.json) headers['Content-Type'] = 'application/json';
      const answer = await fetch(request.path, {
        method: request.method ?? (content === undefined ? 'GET' : 'POST'),
        headers,
        body: content,
        cache: 'no-store',
        redirect: 'error',
      });
      const body = await answer.json();
      const isOthers = body.type === 'urn:afirgen:other-viewer';
      // Where nothing is kept, waiting would have no end: the page stays with whom it was made for.
      const isSignedOut = answer.status === 401 && (body.type === 'urn:afirgen:unauthorized' || (isOthers && isAllKept()));
      // What is not kept would go with the page: it waits until somebody has signed in beside it.
      if (isSignedOut && isAllKept()) return await signInAgain();
      if (!isSignedOut && !isPassing(answer.status, body.type)) {
        sayAway(null);
        return { ok: answer.ok, unknown: isUnknown(answer.status, body.type), status: answer.status, body, etag: answer.headers.get('ETag') };
      }

      const asked = Number(answer.headers.get('Retry-After')) * 1000;
      wait = Math.max(wait, Math.min(asked || 0, longestPause));
      sayAway(t(isSignedOut ? 'away.sign-in' : answer.status === 504 ? 'away.confirming' : 'away.busy'));
    } catch (failure) {
      if (!(failure instanceof TypeError || failure instanceof SyntaxError)) throw failure;
      sayAway(t(request.key && !request.here && isAllKept() ? 'away.down' : 'away.reading'));
    }

    await pause(wait);
  }
}

export const problemType = (answer) => (answer.body?.type ?? '').replace('urn:afirgen:', '');

/** Why a decision was not carried out, or that nobody knows whether it was. */
export const refusal = (answer) => (answer.unknown ? t('outcome.unknown') : problemText(answer.body));

export const mayReview = page.officer;

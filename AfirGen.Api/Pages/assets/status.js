// The operator's page: told by the service each second, drawn here. EventSource reconnects by itself.
import { send } from './api.js';
import { $, el, instant, newKey, problemText, sayAway, t, withProgress } from './page.js';

const narrow = '(max-width: 44rem)'; // as in page.css

const seconds = (span) => {
  const [hours, minutes, rest] = span.split(':');
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
};
const duration = (span) => `${seconds(span).toFixed(2)} s`;
const number = (value, digits = 0) => value.toLocaleString('en-IN', { maximumFractionDigits: digits });

function facts(place, rows) {
  $(place).replaceChildren(
    ...rows.filter(Boolean).map(([name, value]) => el('div', {}, el('dt', {}, t(name)), el('dd', {}, value ?? '–'))),
  );
}

function chart(place, values) {
  const highest = Math.max(...values, 1e-9);
  const points = values.map((value, index) => `${(index / (values.length - 1)) * 120},${38 - (value / highest) * 34}`);
  const shape = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  $(place).replaceChildren(
    shape('polygon', { points: `0,40 ${points.join(' ')} 120,40`, class: 'area' }),
    shape('polyline', { points: points.join(' '), class: 'line' }),
  );
}

function drawVerdict(now) {
  const state = now.state === 'serving' ? (now.ready ? 'ready' : 'not-ready') : now.state;
  $('#lamp').className = `lamp ${now.ready && now.reasons.length === 0 ? 'good' : now.ready ? 'fair' : 'bad'}`;
  const verdict = t(`status.${state}`);
  if ($('#verdict').textContent !== verdict) $('#verdict').textContent = verdict;
  const reasons = now.reasons.join('\n');
  if ($('#reasons').dataset.shown !== reasons) {
    $('#reasons').dataset.shown = reasons;
    $('#reasons').replaceChildren(...now.reasons.map((reason) => el('li', { lang: 'en' }, reason)));
  }

  if ($('#drain')) {
    $('#drain').hidden = now.state === 'drained';
    $('#drain').disabled = now.state !== 'serving' || sending;
    $('#resume').hidden = now.state !== 'drained';
    $('#resume').disabled = sending;
  }
}

function drawFigures(now) {
  const last = now.commits.slice(-10);
  const rate = last.reduce((sum, second) => sum + second.commits, 0) / last.length;
  const worst = Math.max(...last.map((second) => second.worst_ms));
  $('#throughput').textContent = t('status.per-second', { value: number(rate, 1) });
  $('#latency').textContent = t('status.worst', { value: number(worst, 2) });
  chart('#throughput-chart', now.commits.map((second) => second.commits));
  chart('#latency-chart', now.commits.map((second) => second.worst_ms));
  $('#in-flight').textContent = t('status.in-flight', { value: now.in_flight });
  facts('#drain-facts', [['status.state', t(`state.${now.state}`)], ['status.since', instant(now.since)]]);
  $('#outbox').textContent = now.outbox ? t('status.waiting', { value: now.outbox.depth }) : '–';
  facts('#outbox-facts', [['status.oldest', now.outbox ? `${number(now.outbox.age_seconds, 1)} s` : null], ['status.missing', String(now.acknowledged_missing)]]);
  $('#ledger').textContent = t('status.entries', { value: number(now.ledger.position) });
  facts('#ledger-facts', [
    ['status.verified', now.ledger.verified_at ? instant(now.ledger.verified_at) : t('status.not-yet')],
    ['status.verified-to', now.ledger.verified_to === null ? null : number(now.ledger.verified_to)],
    now.ledger.fault ? ['status.fault', now.ledger.fault] : null,
  ]);
  if (now.recovery) {
    facts('#recovery-facts', [
      ['status.started', instant(now.recovery.started_at)],
      ['status.last-stop', t(now.recovery.unclean_stop ? 'status.unclean' : 'status.clean')],
      ['status.redelivered', number(now.recovery.outbox_rows)],
      ['status.took', duration(now.recovery.duration)],
    ]);
  }

  const flush = now.last_flush;
  facts('#flush-facts', flush
    ? [
        ['status.at', instant(flush.started_at)],
        ['status.outcome', t(`outcome.${flush.outcome}`)],
        ['status.cancelled', String(flush.cancelled)],
        ...flush.steps.map((step) => ['status.flush-step', `${step.name}: ${step.error ?? duration(step.duration)}`]),
      ]
    : [['status.at', t('status.never')]]);
}

function drawGuard(durability) {
  const shown = JSON.stringify(durability.settings);
  if ($('#guard').dataset.shown === shown) return;
  // On a small screen the list is some screens long: it opens when asked, or when something in it is wrong.
  const wrong = durability.settings.filter((setting) => !setting.ok);
  if (wrong.length > 0) $('#guard-settings').open = true;
  else if (!$('#guard').dataset.shown && matchMedia(narrow).matches) $('#guard-settings').open = false;
  $('#guard-summary').textContent = t(wrong.length > 0 ? 'guard.some' : 'guard.all', { count: durability.settings.length, wrong: wrong.length });
  $('#guard').dataset.shown = shown;
  $('#guard').replaceChildren(
    ...[...wrong, ...durability.settings.filter((setting) => setting.ok)].map((setting) =>
      el(
        'tr',
        {},
        [
          ['guard.store', setting.store],
          ['guard.setting', setting.name],
          ['guard.wanted', setting.wanted],
          ['guard.found', setting.found],
        ].map(([name, value]) => el('td', { 'data-label': t(name) }, value)),
        el('td', { 'data-label': t('guard.verdict') }, el('span', { class: setting.ok ? 'state finalized' : 'state wrong' }, t(setting.ok ? 'guard.ok' : 'guard.wrong'))),
      ),
    ),
  );
}

let sending = false;

async function operate(path) {
  if (sending) return;
  sending = true;
  $('#problem').hidden = true;
  const answer = await withProgress(t('review.working'), () => send({ here: true, path, key: newKey(), method: 'POST' }));
  sending = false;
  $('#problem').hidden = answer.ok;
  $('#problem').textContent = answer.ok ? '' : problemText(answer.body);
}

$('#drain')?.addEventListener('click', () => operate('/operations/drain'));
$('#resume')?.addEventListener('click', () => operate('/operations/resume'));

const events = new EventSource('/status/events');
events.addEventListener('status', (event) => {
  sayAway(null);
  const now = JSON.parse(event.data);
  drawVerdict(now);
  drawFigures(now);
  if (now.durability) drawGuard(now.durability);
  $('main').dataset.ready = 'true';
});
events.addEventListener('error', () => {
  sayAway(t('away.watching'));
  $('#lamp').className = 'lamp bad';
  $('#verdict').textContent = t('status.unknown');
  // Only a refused answer ends it for good: signed out, or the service is starting.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
});

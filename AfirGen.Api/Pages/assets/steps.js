// What was drafted, step by step.
import { el, page, readable, t } from './page.js';

export const steps = ['transcript_review', 'summary_review', 'violations_review', 'fir_narrative_review', 'final_review'];

const prose = (title, text) => [el('h3', {}, title), el('div', { class: 'prose', tabindex: '0', role: 'group', 'aria-label': title }, readable(text))];

/** What the service is told when somebody adds a section; no-break spaces and tabs, as they are pasted, are blanks. */
export const sectionToAdd = (written) => `add section ${written.replace(/\s+/g, ' ').trim()}`;

const section = String.raw`[0-9]{1,3}( ?\([0-9a-zA-Z]{1,3}\))*`;

/** One or several; what cannot be a section would stand in the FIR as a remark. */
const sectionPattern = String.raw`\s*${section}(\s*,\s*${section})*\s*`;

function sections(content, notes, correct) {
  const add = el('input', {
    id: 'add-section',
    autocomplete: 'off',
    placeholder: '303(2)',
    size: 10,
    readonly: !page.officer,
    pattern: sectionPattern,
    'aria-describedby': 'add-section-hint',
    value: notes.get('section') ?? '',
    oninput() {
      if (add.value) notes.set('section', add.value);
      else notes.clear('section');
      check();
    },
  });
  // The browser's own words speak of a format and not of what to do.
  const check = () => add.setCustomValidity(add.validity.patternMismatch ? t('section.add.hint') : '');
  check();
  const submit = (event) => {
    event.preventDefault();
    if (add.value.trim()) correct(sectionToAdd(add.value));
  };
  return [
    content.violations.length === 0
      ? el('p', { class: 'notice' }, t('sections.none'))
      : el(
          'ul',
          { class: 'findings' },
          content.violations.map((found) =>
            el(
              'li',
              { 'data-section': readable(found.section) },
              el('div', { class: 'finding' }, el('strong', {}, t('section', { section: readable(found.section) })), ' ', el('span', { lang: 'en' }, readable(found.title))),
              el(
                'dl',
                { class: 'facts' },
                fact('section.cognizable', found.cognizable),
                fact('section.bailable', found.bailable),
                fact('section.court', found.court),
                fact('section.punishment', found.punishment),
                found.matched_terms.length > 0 ? fact('section.because', found.matched_terms.join(', ')) : null,
              ),
              found.checked ? null : el('p', { class: 'hint' }, t('section.unchecked')),
              el(
                'button',
                {
                  type: 'button',
                  class: 'quiet',
                  'aria-label': t('section.remove.label', { section: readable(found.section) }),
                  onclick: () => correct(`remove section ${found.section}`),
                },
                t('section.remove'),
              ),
            ),
          ),
        ),
    el(
      'form',
      { class: 'inline', onsubmit: submit },
      el('label', { for: 'add-section' }, t('section.add')),
      add,
      el('button', {}, t('section.add.button')),
      el('p', { class: 'hint', id: 'add-section-hint' }, t('section.add.hint')),
    ),
  ];
}

/** The schedule of the law is in English here; what was found in a complaint is in its language. */
const languageOf = (text) => (/\p{Script=Devanagari}/u.test(text) ? 'hi' : 'en');

const fact = (name, value) =>
  el(
    'div',
    { class: value?.length > 90 ? 'wide' : null },
    el('dt', {}, t(name)),
    el('dd', value ? { lang: languageOf(value) } : { class: 'missing' }, value ?? t('not-recorded')),
  );

/**
 * @param notes keeps what was typed and not sent
 * @param correct sends the officer's correction
 */
export function artefact(content, notes, correct) {
  if (content.violations) return el('div', {}, sections(content, notes, correct));
  if (content.transcript !== undefined) {
    return el(
      'div',
      { class: 'pair' },
      el('div', {}, prose(t('artefact.transcript'), content.transcript)),
      el('div', {}, prose(t('artefact.original'), content.original_text ?? '')),
    );
  }

  if (content.summary !== undefined) return el('div', {}, prose(t('artefact.summary'), content.summary));
  return el('div', {}, prose(t('artefact.narrative'), content.fir_narrative ?? ''));
}

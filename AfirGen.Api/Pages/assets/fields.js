// The filled form: every field, what is not recorded marked, and corrected in place.
import { el, page, readable, t } from './page.js';

const meta = Object.fromEntries(page.fields.map((field) => [field.key, field]));
const itemOf = (field) => Number.parseInt(field.item, 10);
const longValue = 90;

/**
 * @param content of the final review
 * @param notes keeps what was typed and not sent
 * @param correct sends what was changed, by key
 */
export function fieldEditor(content, notes, correct) {
  const edits = page.officer ? notes.fields() : {}; // who may not send them shall not be held up by them
  const current = Object.fromEntries(content.fields.map((field) => [field.key, field.recorded ? field.value : '']));
  for (const key of Object.keys(edits)) if (edits[key] === current[key]) forget(key);
  const bar = el('div', { class: 'save-bar', hidden: true });

  function forget(key) {
    delete edits[key];
    notes.clear(`field.${key}`);
  }

  function showBar() {
    const changed = Object.keys(edits).length;
    bar.hidden = changed === 0;
    bar.querySelector('output').value = t('fields.changed', { count: changed });
  }

  /** As in a field of one line: it is one, also where it is long enough for several on screen. */
  function joinLines(input) {
    if (!input.value.includes('\n')) return;
    const at = input.selectionStart;
    input.value = input.value.replaceAll('\n', ' ');
    input.setSelectionRange(at, at);
  }

  function edited(field, input) {
    if (!meta[field.key].lines) joinLines(input);
    // While a save is on its way, what stood here is about to change: to have typed it back is a change too.
    if (input.value === current[field.key] && !input.closest('[aria-busy=true]')) {
      forget(field.key);
    } else {
      edits[field.key] = input.value;
      notes.set(`field.${field.key}`, input.value);
    }

    input.closest('.field').classList.toggle('edited', field.key in edits);
    showBar();
  }

  function row(field) {
    const label = t(`field.${field.key}`);
    const part = /[a-z]$/.test(field.item) ? `(${field.item}) ` : '';
    const flag = field.recorded ? null
      : el('span', { class: field.mandatory ? 'flag needed' : 'flag' }, field.mandatory ? t('fields.needed') : t('not-recorded'));
    if (!meta[field.key]?.correctable) {
      const value = field.recorded ? readable(field.value) : field.key === 'registration_number' ? t('fields.assigned') : t('not-recorded');
      return el(
        'div',
        { class: field.value.length > longValue ? 'field wide' : 'field' },
        el('span', { class: 'label' }, part + label),
        field.value.length > longValue
          ? el('div', { class: 'prose fixed', tabindex: '0', role: 'group', 'aria-label': label }, value)
          : el('div', { class: 'fixed' }, value),
      );
    }

    const long = field.value.length > longValue;
    // A field of one line drops the line breaks of what is pasted; where several lines belong, they are kept.
    const input = el(long || meta[field.key].lines ? 'textarea' : 'input', {
      id: `field-${field.key}`,
      name: field.key,
      autocomplete: 'off',
      rows: long ? 5 : meta[field.key].lines ? 2 : null,
      readonly: !page.officer,
      value: edits[field.key] ?? current[field.key],
      'aria-describedby': flag ? `flag-${field.key}` : null,
      oninput: () => edited(field, input),
      onkeydown: (event) => {
        if (event.key === 'Enter' && !event.isComposing && !meta[field.key].lines) event.preventDefault();
      },
    });
    if (flag) flag.id = `flag-${field.key}`;
    const classes = ['field', long ? 'wide' : '', field.recorded ? '' : 'empty', field.key in edits ? 'edited' : ''];
    return el(
      'div',
      { class: classes.filter(Boolean).join(' ') },
      el('div', { class: 'label' }, el('label', { for: input.id }, part + label), flag),
      input,
      current[field.key] === readable(current[field.key]) ? null : el('p', { class: 'hint' }, readable(current[field.key])),
    );
  }

  function save() {
    correct({ fields: edits });
  }

  bar.append(
    el('output', {}),
    el('button', { type: 'button', id: 'save-fields', class: 'primary', onclick: save }, t('fields.save')),
    el(
      'button',
      {
        type: 'button',
        id: 'discard-fields',
        onclick: () => {
          for (const key of Object.keys(edits)) {
            forget(key);
            const input = form.querySelector(`[name="${key}"]`);
            if (!input) continue;
            input.value = current[key];
            input.closest('.field').classList.remove('edited');
          }
          showBar();
        },
      },
      t('fields.discard'),
    ),
  );

  const missing = content.fields.filter((field) => field.mandatory && !field.recorded);
  const items = [...new Set(content.fields.map(itemOf))];
  const form = el(
    'div',
    { class: 'form' },
    missing.length === 0 ? null
      : el(
          'div',
          { class: 'notice' },
          el('p', {}, t('fields.missing')),
          el('ul', {}, missing.map((field) => el('li', {}, el('a', { href: `#field-${field.key}` }, t(`field.${field.key}`))))),
        ),
    items.map((item) =>
      el(
        'fieldset',
        { class: 'item' },
        el('legend', {}, `${item}. ${t(`item.${item}`)}`),
        content.fields.filter((field) => itemOf(field) === item).map(row),
      ),
    ),
    el('details', {}, el('summary', {}, t('fields.text')), el('pre', { class: 'record', tabindex: '0', role: 'group', 'aria-label': t('fields.text') }, readable(content.fir_content ?? ''))),
    bar,
  );
  showBar();
  return form;
}

// Asks why, for which images and for how long.

import { button, el, newId } from './dom.js';
import { ask, decide, snooze } from './exceptions.js';
import { failureBox } from './failure.js';

/** @typedef {import('./exceptions.js').SuppressionKind} SuppressionKind */
/** @typedef {import('./exceptions.js').SuppressionScope} SuppressionScope */

// Of the API: docs/suppression.md, Bounds.
const maxComment = 2_000;

/**
 * @param {string} cve
 * @param {import('./api-types').ImageName | null} image
 * @param {import('./caller.js').Permissions} may
 * @param {(outcome: 'acts' | 'asked') => void} ondone
 */
export function openSuppressDialog(cve, image, may, ondone) {
  const kind = select('What is it?', [
    ['deferral', 'put off: known, to be mended later'], ['false-positive', 'a false positive: it is not here'],
    ...(may.mayApprove ? /** @type {[string, string][]} */ ([['snooze', 'snoozed: in all images, without a comment']]) : []),
  ], () => showFields());
  const scope = select('In which images?', image
    ? [['tag', image.fullName], ['repository', `${image.registry}/${image.remote}, every tag`], ['everywhere', 'all images']]
    : [['everywhere', 'all images']]);
  const days = select('For how long?', [['7', '7 days'], ['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['0', 'until there is a fix']]);
  days.control.value = '30';
  const commentId = newId('comment');
  const comment = el('textarea', { id: commentId, rows: 3, maxlength: maxComment, required: true, placeholder: 'Why, for those who read it later' });
  const commentLine = el('p', {}, el('label', { for: commentId }, 'Comment'), comment);
  const problems = el('div', {});
  const submit = el('button', { type: 'submit', class: 'main' }, may.mayApprove ? 'Suppress it' : 'Ask for it');
  /** The exception, once there is one: another try is not to make a second. */
  let asked = '';
  const titleId = newId('title');
  const dialog = el('dialog', { 'aria-labelledby': titleId, onclose: () => dialog.remove() },
    el('form', { onsubmit: (/** @type {Event} */ event) => void save(event) },
      el('h2', { id: titleId }, `Suppress ${cve}`),
      el('p', { class: 'faint' }, may.mayApprove ? 'You may decide, so it acts at once.' : 'Somebody who may decide has to approve it before it acts.'),
      kind.element, scope.element, days.element, commentLine, problems,
      el('p', { class: 'line' }, submit, button('Cancel', () => dialog.close(), { class: 'quiet' }))));
  document.body.append(dialog);
  showFields();
  dialog.showModal();

  function showFields() {
    const isSnooze = kind.control.value === 'snooze';
    scope.element.hidden = isSnooze;
    commentLine.hidden = isSnooze;
    comment.required = !isSnooze;
    days.element.hidden = kind.control.value === 'false-positive';
    // A snooze ends at a time, never by a fix.
    const untilFixed = /** @type {HTMLOptionElement} */ (days.control.options[days.control.options.length - 1]);
    untilFixed.disabled = isSnooze;
    if (isSnooze && untilFixed.selected) {
      days.control.value = '30';
    }
  }

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    submit.disabled = true;
    try {
      await carryOut();
      dialog.close();
      ondone(may.mayApprove ? 'acts' : 'asked');
    } catch (failure) {
      problems.replaceChildren(failureBox(failure, asked === '' ? 'It was not suppressed' : 'It is asked for, and not yet approved'));
    } finally {
      submit.disabled = false;
    }
  }

  async function carryOut() {
    const suppression = {
      cve,
      kind: /** @type {SuppressionKind} */ (kind.control.value),
      scope: /** @type {SuppressionScope} */ (scope.control.value),
      days: Number(days.control.value),
      comment: comment.value.trim(),
    };
    if (suppression.kind === 'snooze') {
      await snooze(suppression);
      return;
    }

    if (asked === '') {
      asked = await ask(suppression, image);
    }

    if (may.mayApprove) {
      // What was asked for is not changed by what the fields say from here on.
      [kind.control, scope.control, days.control, comment].forEach(field => { field.disabled = true; });
      submit.textContent = 'Approve it';
      await decide(asked, 'approve', 'Approved by who asked for it');
    }
  }
}

/**
 * @param {string} label
 * @param {[string, string][]} values
 * @param {() => void} [onchange]
 */
function select(label, values, onchange) {
  const id = newId('field');
  const control = el('select', { id, onchange }, values.map(([value, word]) => el('option', { value }, word)));
  return { control, element: el('p', {}, el('label', { for: id }, label), control) };
}

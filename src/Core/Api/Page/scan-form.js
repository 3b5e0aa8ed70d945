// The box for an image.

import { jsonOf, send, withQuery } from './api.js';
import { permissions } from './caller.js';
import { el, newId } from './dom.js';
import { failureBox } from './failure.js';
import { rememberImage } from './images.js';

/**
 * @param {(target: ({ image: string } | { job: string }) & { name: string, showsSuppressed: boolean }) => void} ongo with the image, or with
 * the scan that was begun
 * @param {AbortSignal} signal after which an answer takes nobody anywhere; the scan goes on
 */
export function createScanForm(ongo, signal) {
  const nameId = newId('image');
  const platformId = newId('platform');
  const name = el('input', {
    id: nameId, name: 'image', required: true, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', maxlength: 1_000,
    placeholder: 'registry.example.com/team/app:1.4',
  });
  const platform = el('input', { id: platformId, placeholder: 'linux/amd64', autocomplete: 'off', spellcheck: 'false', size: 14, maxlength: 100 });
  const force = el('input', { type: 'checkbox' });
  const suppressed = el('input', { type: 'checkbox' });
  const submit = el('button', { type: 'submit', class: 'main' }, 'Scan');
  const problems = el('div', {});
  const element = el('form', { class: 'scan-form', onsubmit: (/** @type {Event} */ event) => void scan(event) },
    el('label', { for: nameId, class: 'title' }, 'Which image is to be scanned?'),
    el('div', { class: 'line' }, name, submit),
    el('details', {}, el('summary', {}, 'Options'), el('div', { class: 'options' },
      el('label', { for: platformId }, 'Platform ', platform, el('span', { class: 'hint' }, 'of an image for several; the usual one if empty')),
      el('label', {}, force, ' Read it anew ', el('span', { class: 'hint' }, 'though its digest was scanned before')),
      el('label', {}, suppressed, ' Show what is suppressed, too ', el('span', { class: 'hint' }, 'as a filter that can be changed later')))),
    problems);
  void showPermission();
  return { element };

  async function showPermission() {
    const may = await permissions();
    if (may.isKnown && !may.mayScan) {
      submit.disabled = true;
      problems.replaceChildren(el('p', { class: 'hint' }, 'Your role may look at images, and not have them scanned.'));
    }
  }

  /** @param {Event} event */
  async function scan(event) {
    event.preventDefault();
    problems.replaceChildren();
    submit.disabled = true;
    submit.textContent = 'Asking …';
    try {
      const asked = name.value.trim();
      const response = await send(withQuery('v1/images/scan', { platform: platform.value.trim() }), {
        method: 'POST',
        headers: { Prefer: 'respond-async' },
        body: { imageName: asked, force: force.checked, includeSnoozed: true },
      });
      const answer = await jsonOf(response);
      if (signal.aborted) {
        return;
      }

      const showsSuppressed = suppressed.checked;
      if (response.status === 202) {
        // The scan may have been begun under another name of the same image.
        ongo({ job: String(answer.id), name: asked, showsSuppressed });
      } else {
        rememberImage(answer);
        ongo({ image: String(answer.id), name: String(answer.name?.fullName ?? ''), showsSuppressed });
      }
    } catch (failure) {
      if (signal.aborted) {
        return;
      }

      problems.replaceChildren(failureBox(failure, 'This image was not scanned'));
    } finally {
      submit.disabled = false;
      submit.textContent = 'Scan';
    }
  }
}

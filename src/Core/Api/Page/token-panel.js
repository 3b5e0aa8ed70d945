// The box for the token: there when it is asked for, or when the app answers 401.

import { button, el, newId, plain } from './dom.js';
import { callerName, forgetPermissions } from './caller.js';
import { keepToken, token } from './session.js';

/**
 * @param {() => void} onchange after a token was entered or forgotten
 */
export function createTokenPanel(onchange) {
  const id = newId('token');
  const input = el('input', { id, type: 'password', autocomplete: 'off', spellcheck: 'false', size: 40, placeholder: 'isf_…' });
  const reason = el('p', {});
  const element = el('section', { class: 'token-panel', 'aria-label': 'Your token' },
    el('form', {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        change(input.value.trim());
      },
    },
      reason,
      el('label', { for: id }, 'Token'),
      el('div', { class: 'line' }, input, el('button', { type: 'submit', class: 'main' }, 'Use it'),
        button('Forget it', () => change(''), { class: 'quiet' }), button('Close', close, { class: 'quiet' })),
      el('p', { class: 'faint' }, 'It is kept in this tab until that is closed, and sent to this app alone.')));
  element.hidden = true;
  const opener = button('Token', () => (element.hidden ? open('') : close()), { class: 'quiet', id: 'token-button', 'aria-expanded': 'false' });
  return { element, opener, open, showCaller };

  /** @param {string} why */
  function open(why) {
    reason.textContent = why;
    element.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    input.focus();
  }

  function close() {
    element.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
  }

  /** @param {string} value */
  function change(value) {
    keepToken(value);
    forgetPermissions();
    input.value = '';
    close();
    onchange();
    void showCaller();
  }

  async function showCaller() {
    const name = token() ? await callerName() : '';
    opener.textContent = plain(name ? `Token: ${name}` : 'Token');
  }
}

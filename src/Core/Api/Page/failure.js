// An error as the API has said it, whole, and what can be done about it.

import { ApiFailure } from './api.js';
import { button, el } from './dom.js';

/** The page asks for the token when this comes by. */
export const tokenWanted = 'token-wanted';

/**
 * @param {unknown} failure
 * @param {string} title what was not possible
 * @param {() => void} [again]
 */
export function failureBox(failure, title, again) {
  const known = failure instanceof ApiFailure ? failure : null;
  if (known?.status === 401) {
    dispatchEvent(new Event(tokenWanted));
  }

  const advice = adviceFor(known);
  return el('section', { class: 'notice bad', role: 'alert' },
    el('h2', {}, title),
    el('p', { class: 'said' }, failure instanceof Error ? failure.message : String(failure)),
    advice && el('p', {}, advice),
    again && button('Try again', again));
}

/** @param {ApiFailure | null} failure */
function adviceFor(failure) {
  switch (failure?.status) {
    case 401: return 'Enter a token above; it is kept for this tab alone.';
    case 403: return 'Your token is known, but its role may not do this.';
    case 404: return 'It may have been deleted, or never scanned here.';
    case 429: return `Too much was asked at once.${failure.retrySeconds ? ` It is worth another try in ${failure.retrySeconds} s.` : ''}`;
    case 503: return 'That is most likely over in a moment.';
    default: return '';
  }
}

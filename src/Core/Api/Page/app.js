// Begins here: the frame, and which view is in it.

import { createImageList } from './image-list.js';
import { imageOf } from './images.js';
import { imageView } from './image-view.js';
import { permissions } from './caller.js';
import { el } from './dom.js';
import { failureBox, tokenWanted } from './failure.js';
import { announce } from './live.js';
import { changed, hashOf, keepRoute, routeOf } from './router.js';
import { createScanForm } from './scan-form.js';
import { scanView } from './scan-view.js';
import { token } from './session.js';
import { applyTheme, themeButton } from './theme.js';
import { createTokenPanel } from './token-panel.js';

/** @typedef {import('./router.js').Route} Route */

const title = 'ImageScanFunctions';

// Browsers take milliseconds for it, and refuse it when it comes too often: who types is not to wait for the address.
const writeMilliseconds = 200;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const apiLink = /** @type {HTMLElement} */ (document.getElementById('api-link'));
const tokenPanel = createTokenPanel(() => {
  showApiLink();
  void show();
});

/** Ends what the view before was waiting for. */
let current = new AbortController();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let writing;

/** What is to be written. @type {Route | undefined} */
let unwritten;

applyTheme();
document.getElementById('tools')?.append(tokenPanel.opener, themeButton());
document.getElementById('token-place')?.append(tokenPanel.element);
addEventListener('hashchange', () => void show());
addEventListener(tokenWanted, () => {
  apiLink.hidden = true;
  tokenPanel.open(token() ? 'The app does not take this token.' : 'This app asks for a token.');
});
addEventListener('keydown', focusFilter);
// Its address is that of no view, so it is not gone to.
document.querySelector('.skip')?.addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
showApiLink();
void tokenPanel.showCaller();
void show();

// A link sends no token, and would only be refused.
function showApiLink() {
  apiLink.hidden = token() !== '';
}

/** @param {string} [said] what was done just before */
async function show(said = '') {
  current.abort();
  const { signal } = current = new AbortController();
  // The address is another one already, or is to be read again as it is.
  unwritten = undefined;
  let route = routeOf(location.hash);
  const keep = (/** @type {Record<string, string>} */ changes) => {
    unwritten = route = changed(route, changes);
    clearTimeout(writing);
    writing = setTimeout(write, writeMilliseconds);
  };
  try {
    main.setAttribute('aria-busy', 'true');
    const view = route.view === 'image' ? await image(route, signal, keep) : route.view === 'scan' ? scan(route, signal) : home(route, signal, keep);
    if (!signal.aborted) {
      put(view, said);
    }
  } catch (failure) {
    if (!signal.aborted) {
      put(el('div', {}, el('h1', { tabindex: '-1' }, route.id || 'Images'), failureBox(failure, 'This could not be shown', () => void show())), '');
    }
  } finally {
    // Else the next one is at work.
    if (!signal.aborted) {
      main.removeAttribute('aria-busy');
    }
  }
}

function write() {
  clearTimeout(writing);
  if (unwritten) {
    keepRoute(unwritten);
    unwritten = undefined;
  }
}

/** @param {HTMLElement} view @param {string} said */
function put(view, said) {
  const isFirst = main.childElementCount === 0;
  main.replaceChildren(...(said ? [el('section', { class: 'notice good', role: 'status' }, el('p', {}, said))] : []), view);
  const heading = view.querySelector('h1');
  document.title = heading ? `${heading.textContent} – ${title}` : title;
  if (!isFirst && heading instanceof HTMLElement) {
    heading.focus({ preventScroll: said !== '' });
  }
}

/** @param {Route} route @param {AbortSignal} signal @param {(changes: Record<string, string>) => void} keep */
function home(route, signal, keep) {
  const form = createScanForm(target => {
    const parameters = new URLSearchParams({ name: target.name, ...(target.showsSuppressed ? { state: 'all' } : {}) });
    go('job' in target ? { view: 'scan', id: target.job, parameters } : { view: 'image', id: target.image, parameters });
  }, signal);
  return el('div', { class: 'home' }, el('h1', { class: 'unseen', tabindex: '-1' }, 'Scan an image'), form.element,
    createImageList(route.parameters, keep, signal));
}

/** @param {Route} route @param {AbortSignal} signal @param {(changes: Record<string, string>) => void} keep */
async function image(route, signal, keep) {
  if (main.childElementCount === 0 || !main.querySelector('.image')) {
    main.replaceChildren(el('p', { class: 'status' }, 'Loading …'));
  }

  // Asked beside the image.
  void permissions();
  return imageView(await imageOf(route.id, route.parameters.get('name') ?? '', signal), route, {
    change: keep,
    decide: said => {
      write();
      void show(said);
    },
  });
}

/** @param {Route} route @param {AbortSignal} signal */
function scan(route, signal) {
  return scanView(route.id, route.parameters.get('name') ?? '', {
    ondone: id => {
      announce('The scan is done.');
      // Going back is not to lead to the scan, which would lead here again.
      history.replaceState(null, '', hashOf({ ...route, view: 'image', id }));
      void show();
    },
    oncancel: () => go({ view: 'home', id: '', parameters: new URLSearchParams() }),
  }, signal);
}

/** @param {Route} route */
function go(route) {
  location.hash = hashOf(route);
}

/** @param {KeyboardEvent} event */
function focusFilter(event) {
  const filter = document.querySelector('input.filter');
  // Not a letter alone: those are what people who speak to their machine may say by chance (WCAG 2.2, 2.1.4).
  if (event.key === 'k' && (event.ctrlKey || event.metaKey) && filter instanceof HTMLInputElement) {
    event.preventDefault();
    filter.focus();
    filter.select();
  }
}

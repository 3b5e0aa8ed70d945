// Tabs as people with a keyboard know them: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/

import { el, newId } from './dom.js';

/** @typedef {{ key: string, label: string, count?: string, open: () => HTMLElement }} Tab */

/**
 * Tabs with their panel. A panel is made when it is first opened, and kept.
 * @param {string} label
 * @param {Tab[]} tabs
 * @param {string} first key of the open one
 * @param {(key: string) => void} onopen
 */
export function tabList(label, tabs, first, onopen) {
  const panelId = newId('panel');
  const panel = el('div', { role: 'tabpanel', id: panelId, class: 'panel', tabindex: '0' });
  /** @type {Map<string, HTMLElement>} */
  const made = new Map();
  const controls = tabs.map(tab => el('button', {
    type: 'button', role: 'tab', id: newId('tab'), 'aria-controls': panelId, 'data-tab': tab.key, onclick: () => open(tab.key),
  }, `${tab.label} `, tab.count !== undefined && el('span', { class: 'count' }, tab.count)));
  const list = el('div', { role: 'tablist', 'aria-label': label, class: 'tabs', onkeydown: (/** @type {KeyboardEvent} */ event) => step(event) }, controls);
  open(tabs.some(tab => tab.key === first) ? first : tabs[0].key);
  return { element: el('div', {}, list, panel), open, show, forget };

  /** @param {string} key */
  function open(key) {
    tabs.forEach((tab, place) => {
      const isOpen = tab.key === key;
      controls[place].setAttribute('aria-selected', String(isOpen));
      controls[place].tabIndex = isOpen ? 0 : -1;
      if (isOpen) {
        panel.setAttribute('aria-labelledby', controls[place].id);
        made.set(key, made.get(key) ?? tab.open());
        panel.replaceChildren(/** @type {HTMLElement} */ (made.get(key)));
      }
    });
    onopen(key);
  }

  /** Opens a tab and puts the focus on it. @param {string} key */
  function show(key) {
    open(key);
    controls[tabs.findIndex(tab => tab.key === key)]?.focus();
  }

  // What has changed elsewhere is made again when it is next opened.
  /** @param {string} key */
  function forget(key) {
    made.delete(key);
  }

  /** @param {KeyboardEvent} event */
  function step(event) {
    // With one of these an arrow is the browser's: Alt and left goes back.
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }

    const now = controls.findIndex(control => control.getAttribute('aria-selected') === 'true');
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: controls.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      show(tabs[(next + controls.length) % controls.length].key);
    }
  }
}

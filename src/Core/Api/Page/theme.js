// Light, dark, or as the system has it, by a button.

import { button } from './dom.js';

const key = 'imagescan-theme';
const themes = ['auto', 'light', 'dark'];

/** Shows the page as it was last chosen. */
export function applyTheme() {
  document.documentElement.dataset.theme = chosen();
}

/** The button that goes on to the next theme. */
export function themeButton() {
  const control = button('', () => {
    localStorage.setItem(key, themes[(themes.indexOf(chosen()) + 1) % themes.length]);
    applyTheme();
    show();
  }, { class: 'quiet', id: 'theme' });
  show();
  return control;

  function show() {
    control.textContent = `◐ ${chosen()}`;
    control.setAttribute('aria-label', `Theme: ${chosen()}`);
  }
}

function chosen() {
  const theme = localStorage.getItem(key) ?? themes[0];
  return themes.includes(theme) ? theme : themes[0];
}

// "51–100 of 312", with a step back and forth.

import { button, el, newId } from './dom.js';
import { countOf } from './words.js';

const sizes = [25, 50, 100, 250];

/**
 * @param {string} noun what is paged, in the plural
 * @param {number} size rows a page at first
 * @param {(page: number, size: number) => void} onmove pages count from 0
 */
export function createPager(noun, size, onmove) {
  let page = 0;
  const place = el('span', { class: 'place' });
  const back = button('‹ Previous', () => onmove(page - 1, size));
  const forth = button('Next ›', () => onmove(page + 1, size));
  const sizeId = newId('size');
  const choice = el('select', {
    id: sizeId,
    onchange: () => {
      size = Number(choice.value);
      onmove(0, size);
    },
  }, sizes.map(value => el('option', { value, selected: value === size }, String(value))));
  const element = el('nav', { class: 'pager', 'aria-label': `Pages of ${noun}` },
    place, back, forth, el('label', { for: sizeId }, 'Rows ', choice));
  return { element, show };

  /** @param {number} newPage @param {number} total */
  function show(newPage, total) {
    page = newPage;
    const first = page * size;
    place.textContent = total === 0 ? `No ${noun}` : `${countOf(first + 1)}–${countOf(Math.min(first + size, total))} of ${countOf(total)}`;
    const had = document.activeElement;
    back.disabled = page === 0;
    forth.disabled = first + size >= total;
    element.hidden = total <= sizes[0];
    // Whoever pages by keyboard is not to lose their place at either end.
    if (had === forth && forth.disabled) {
      back.focus();
    } else if (had === back && back.disabled) {
      forth.focus();
    }
  }
}

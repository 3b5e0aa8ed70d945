// How the findings of listed images went: asked for a row once it is seen, two at a time, since each answer is read from whole scans.

import { get, inPath } from './api.js';
import { sparkline } from './charts.js';
import { el } from './dom.js';
import { countOf, dayOf } from './words.js';

/** @typedef {import('./api-types').History} History */

const sideBySide = 2;

/**
 * Makes cells that fill themselves.
 * @param {AbortSignal} signal after which nothing more is asked
 */
export function createTrends(signal) {
  /** @type {Map<Element, string>} */
  const ids = new Map();
  /** @type {Element[]} */
  const waiting = [];
  let asking = 0;
  const seen = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        seen.unobserve(target);
        waiting.push(target);
      }
    }

    next();
  });
  signal.addEventListener('abort', () => seen.disconnect());
  return { cellOf, clear };

  /** @param {string} id of the image */
  function cellOf(id) {
    const cell = el('span', { class: 'trend-cell' }, '…');
    ids.set(cell, id);
    seen.observe(cell);
    return cell;
  }

  // The cells are gone, so nobody wants to know.
  function clear() {
    seen.disconnect();
    ids.clear();
    waiting.length = 0;
  }

  function next() {
    while (asking < sideBySide && waiting.length > 0 && !signal.aborted) {
      void fill(/** @type {Element} */ (waiting.shift()));
    }
  }

  /** @param {Element} cell */
  async function fill(cell) {
    const id = ids.get(cell);
    if (id === undefined) {
      return;
    }

    asking++;
    try {
      const { points } = /** @type {History} */ (await get(`v1/images/${inPath(id)}/history`, { signal }));
      cell.replaceChildren(...trendOf(points));
    } catch {
      cell.replaceChildren('–');
    }

    asking--;
    next();
  }
}

/** @param {History['points']} points newest first */
function trendOf(points) {
  if (points.length < 2) {
    return [el('span', { class: 'faint' }, 'no change yet')];
  }

  const totals = points.map(({ counts }) => counts.total).reverse();
  const step = points[0].counts.total - points[1].counts.total;
  const words = `${step > 0 ? `+${countOf(step)}` : step < 0 ? `−${countOf(-step)}` : '±0'} on ${dayOf(new Date(points[0].at))}`;
  return [sparkline(totals, `Findings over time: ${totals.join(', ')}`), el('span', { class: 'hint' }, words)];
}

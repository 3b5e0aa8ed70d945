// The images that are stored, a page at a time: they may be a hundred thousand.

import { get, withQuery } from './api.js';
import { button, el, newId, timeOf } from './dom.js';
import { failureBox } from './failure.js';
import { queryOf } from './image-query.js';
import { announce } from './live.js';
import { createPager } from './pager.js';
import { createTrends } from './trend-cells.js';
import { agoOf, countOf, countWord, shortDigest } from './words.js';

/** @typedef {import('./api-types').ListedImage} ListedImage */

// Fields by which the API puts images in order, and whether the first click wants the largest first (docs/images.md, Orders).
const columns = /** @type {const} */ ([
  { key: 'Image Risk Priority', label: 'Risk', isNumber: true },
  { key: 'Image', label: 'Image' },
  { key: 'Image CVE Count', label: 'CVEs', isNumber: true, startsDown: true },
  { key: 'Fixable CVE Count', label: 'With a fix', isNumber: true, startsDown: true },
  { key: 'Component Count', label: 'Packages', isNumber: true, startsDown: true },
  { key: 'Image Created Time', label: 'Made', isShort: true, startsDown: true },
  { key: 'Last Updated', label: 'Updated', isShort: true, startsDown: true },
]);

const typingMilliseconds = 250;

/**
 * @param {URLSearchParams} parameters of the address
 * @param {(changes: Record<string, string>) => void} onchange of what is to stand in the address
 * @param {AbortSignal} signal
 */
export function createImageList(parameters, onchange, signal) {
  let text = parameters.get('q') ?? '';
  const asksFor = parameters.get('sort') ?? '';
  let sort = columns.some(({ key }) => key === asksFor.replace(/^-/, '')) ? asksFor : columns[0].key;
  let page = Math.max(0, Number(parameters.get('page') ?? 1) - 1) || 0;
  let size = 25;
  let asked = 0;
  const trends = createTrends(signal);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const status = el('p', { class: 'status' });
  const body = el('tbody', { role: 'rowgroup' });
  const problems = el('div', {});
  const headers = columns.map(column => el('th', { scope: 'col', role: 'columnheader', class: 'isNumber' in column && 'number' },
    button(column.label, () => sortBy(column))));
  const search = el('input', {
    type: 'search', id: newId('filter'), class: 'filter', value: text, placeholder: 'Name, or a query: CVE:"CVE-2024-3094"',
    'aria-keyshortcuts': 'Control+K Meta+K',
    autocomplete: 'off', spellcheck: 'false', maxlength: 1_000,
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => {
        text = search.value.trim();
        move(0);
      }, typingMilliseconds);
    },
  });
  const sortId = newId('sort');
  const sortChoice = el('select', {
    id: sortId,
    onchange: () => {
      sort = sortChoice.value;
      move(0);
    },
  }, columns.flatMap(({ key, label }) => [el('option', { value: key }, `${label} ↑`), el('option', { value: `-${key}` }, `${label} ↓`)]));
  const pager = createPager('images', size, (newPage, newSize) => {
    size = newSize;
    move(newPage);
  });
  const frame = el('div', { class: 'table-frame' }, el('table', { role: 'table' },
    el('caption', { class: 'unseen' }, 'Stored images'),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, headers, el('th', { scope: 'col', role: 'columnheader', class: 'plain' }, 'Trend'))), body));
  void load();
  return el('section', { class: 'image-list', 'aria-label': 'Images' },
    el('h2', {}, 'Images'),
    el('form', { class: 'filters', role: 'search', 'aria-label': 'Filter images', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      el('label', { for: search.id, class: 'grow' }, el('span', { class: 'unseen' }, 'Filter images '), search)),
    problems, status,
    el('div', { class: 'data-table' }, el('div', { class: 'phone-sort' }, el('label', { for: sortId }, 'Sort by ', sortChoice)), frame, pager.element));

  async function load() {
    const turn = ++asked;
    markSort();
    try {
      const query = queryOf(text);
      const [{ images }, { count }] = await Promise.all([
        /** @type {Promise<{ images: ListedImage[] }>} */ (get(withQuery('v1/images', {
          query,
          'pagination.sortOption.field': sort.replace(/^-/, ''),
          'pagination.sortOption.reversed': sort.startsWith('-'),
          'pagination.offset': page * size,
          'pagination.limit': size,
        }), { signal })),
        /** @type {Promise<{ count: number }>} */ (get(withQuery('v1/imagescount', { query }), { signal })),
      ]);
      const last = Math.max(0, Math.ceil(count / size) - 1);
      if (turn === asked && images.length === 0 && page > last) {
        // An old link, or images that were deleted meanwhile.
        move(last);
      } else if (turn === asked) {
        show(images, count);
      }
    } catch (failure) {
      if (turn === asked && !signal.aborted) {
        status.textContent = '';
        trends.clear();
        body.replaceChildren();
        frame.hidden = true;
        pager.element.hidden = true;
        problems.replaceChildren(failureBox(failure, 'The images could not be listed', () => void load()));
      }
    }
  }

  /** @param {ListedImage[]} images @param {number} count */
  function show(images, count) {
    problems.replaceChildren();
    trends.clear();
    body.replaceChildren(...images.map(image => rowOf(image, trends.cellOf(image.id))));
    frame.hidden = count === 0;
    pager.show(page, count);
    status.textContent = count === 0 ? (text === '' ? 'No image was scanned yet.' : 'No image fits.') : countWord(count, 'image');
    announce(status.textContent);
  }

  /** @param {typeof columns[number]} column */
  function sortBy(column) {
    const startsDown = 'startsDown' in column;
    const first = startsDown ? `-${column.key}` : column.key;
    sort = sort === first ? (startsDown ? column.key : `-${column.key}`) : first;
    move(0);
  }

  function markSort() {
    columns.forEach(({ key }, place) => {
      if (sort.replace(/^-/, '') === key) {
        headers[place].setAttribute('aria-sort', sort.startsWith('-') ? 'descending' : 'ascending');
      } else {
        headers[place].removeAttribute('aria-sort');
      }
    });
    sortChoice.value = sort;
  }

  /** @param {number} newPage */
  function move(newPage) {
    page = newPage;
    onchange({ q: text, sort: sort === columns[0].key ? '' : sort, page: page === 0 ? '' : String(page + 1) });
    void load();
  }
}

/** @param {ListedImage} image @param {HTMLElement} trend */
function rowOf(image, trend) {
  const cells = [
    `#${image.priority}`,
    [el('a', { href: `#/image/${encodeURIComponent(image.id).replaceAll('%3A', ':')}`, class: 'name' }, image.name || image.id), ' ',
      el('code', { class: 'faint', title: image.id }, shortDigest(image.id)), image.removedAt && el('span', { class: 'badge' }, 'gone from its registry')],
    image.cves === undefined ? '–' : countOf(image.cves),
    image.fixableCves === undefined ? '–' : countOf(image.fixableCves),
    image.components === undefined ? '–' : countOf(image.components),
    timeOf(image.created, agoOf),
    timeOf(image.lastUpdated, agoOf),
  ];
  return el('tr', { role: 'row' }, columns.map((column, place) => el('td', {
    role: 'cell', 'data-label': column.label, class: 'isNumber' in column ? 'number' : 'isShort' in column && 'short',
  }, el('span', { class: 'value' }, cells[place]))), el('td', { role: 'cell', 'data-label': 'Trend' }, trend));
}

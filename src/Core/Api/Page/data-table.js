// A table that sorts, pages and opens its rows. Ten thousand rows are an array of places, sorted once an order and not once a filter; only
// one page of them is ever in the document.

import { button, el, newId } from './dom.js';
import { createPager } from './pager.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {(row: Row) => number | string} order what it is sorted by
 * @property {(row: Row) => Child | Child[]} cell
 * @property {boolean} [isNumber]
 * @property {boolean} [isShort] whether several fit side by side on a phone, as numbers do
 * @property {boolean} [startsDown] whether the first click brings the largest first
 */

/**
 * @template Row
 * @typedef {object} TableOptions
 * @property {string} caption
 * @property {string} noun of the rows, in the plural
 * @property {Column<Row>[]} columns
 * @property {readonly Row[]} rows
 * @property {string} sort key of a column, with "-" before it for the largest first
 * @property {number} [page]
 * @property {(left: Row, right: Row) => number} [tieBreak]
 * @property {(row: Row) => HTMLElement} [details] what a row opens to
 * @property {(row: Row) => string} [nameOf] of a row that opens, for those who do not see it
 * @property {(sort: string, page: number) => void} [onmove]
 */

/**
 * @template Row
 * @param {TableOptions<Row>} options
 */
export function createTable({ caption, noun, columns, rows, sort, page = 0, tieBreak, details, nameOf, onmove }) {
  /** All places in the order that is chosen. @type {number[]} */
  let ordered = [];
  /** Those of them that are to be seen. @type {number[]} */
  let places = [];
  let size = 50;
  const body = el('tbody', { role: 'rowgroup' });
  const headers = columns.map(column => el('th', { scope: 'col', role: 'columnheader', class: column.isNumber && 'number' },
    button(column.label, () => sortBy(column))));
  const sortId = newId('sort');
  // On a phone there are no headers to click on.
  const sortChoice = el('select', { id: sortId, onchange: () => setSort(sortChoice.value) },
    columns.flatMap(({ key, label }) => [el('option', { value: key }, `${label} ↑`), el('option', { value: `-${key}` }, `${label} ↓`)]));
  const pager = createPager(noun, size, (newPage, newSize) => {
    size = newSize;
    move(newPage);
  });
  const element = el('div', { class: 'data-table' },
    el('div', { class: 'phone-sort' }, el('label', { for: sortId }, 'Sort by ', sortChoice)),
    el('div', { class: 'table-frame' }, el('table', { role: 'table' },
      el('caption', { class: 'unseen' }, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, details && el('td', { role: 'cell', class: 'opener' }), headers)),
      body)),
    pager.element);
  markSort();
  order();
  return { element, show };

  /** Shows the rows at these places. @param {number[]} newPlaces @param {boolean} [keepsPage] */
  function show(newPlaces, keepsPage = false) {
    keep(newPlaces);
    page = keepsPage ? page : 0;
    render();
  }

  /** @param {number[]} newPlaces */
  function keep(newPlaces) {
    const isKept = new Uint8Array(rows.length);
    for (const place of newPlaces) {
      isKept[place] = 1;
    }

    places = ordered.filter(place => isKept[place] === 1);
  }

  function order() {
    const isDown = sort.startsWith('-');
    const column = columns.find(({ key }) => key === sort.replace(/^-/, '')) ?? columns[0];
    // Asked once a row and not once a comparison.
    const keys = rows.map(row => column.order(row));
    ordered = [...keys.keys()].sort((left, right) => {
      const result = compare(keys[left], keys[right]);
      return (isDown ? -result : result) || (tieBreak?.(rows[left], rows[right]) ?? 0) || left - right;
    });
  }

  function render() {
    page = Math.max(0, Math.min(page, Math.ceil(places.length / size) - 1));
    body.replaceChildren(...places.slice(page * size, (page + 1) * size).map(place => rowOf(rows[place])));
    pager.show(page, places.length);
  }

  /** @param {Row} row */
  function rowOf(row) {
    const cells = columns.map(column => el('td', { role: 'cell', 'data-label': column.label, class: column.isNumber ? 'number' : column.isShort && 'short' },
      el('span', { class: 'value' }, column.cell(row))));
    return el('tr', { role: 'row' }, details && el('td', { role: 'cell', class: 'opener' }, openerOf(row)), cells);
  }

  /** @param {Row} row */
  function openerOf(row) {
    const id = newId('details');
    const control = button('', () => {
      const isOpen = control.getAttribute('aria-expanded') === 'true';
      control.setAttribute('aria-expanded', String(!isOpen));
      if (isOpen) {
        document.getElementById(id)?.remove();
      } else {
        control.closest('tr')?.after(el('tr', { role: 'row', class: 'details', id },
          el('td', { role: 'cell', colspan: columns.length + 1 }, /** @type {(row: Row) => HTMLElement} */ (details)(row))));
      }
    }, { 'aria-expanded': 'false', 'aria-label': `Details of ${nameOf?.(row) ?? 'this row'}`, class: 'open-row' });
    return control;
  }

  /** @param {Column<Row>} column */
  function sortBy(column) {
    const first = column.startsDown ? `-${column.key}` : column.key;
    const other = column.startsDown ? column.key : `-${column.key}`;
    setSort(sort === first ? other : first);
  }

  /** @param {string} newSort */
  function setSort(newSort) {
    sort = newSort;
    markSort();
    order();
    keep(places);
    move(0);
  }

  function markSort() {
    columns.forEach(({ key }, place) => {
      const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : null;
      if (direction) {
        headers[place].setAttribute('aria-sort', direction);
      } else {
        headers[place].removeAttribute('aria-sort');
      }
    });
    sortChoice.value = sort;
  }

  /** @param {number} newPage */
  function move(newPage) {
    page = newPage;
    render();
    onmove?.(sort, page);
  }
}

/** @param {number | string} left @param {number | string} right */
const compare = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

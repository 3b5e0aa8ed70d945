// All packages with their licences.

import { severityCounts } from './charts.js';
import { createTable } from './data-table.js';
import { el, newId, outLink } from './dom.js';
import { countBySeverity, orderOf } from './findings.js';
import { announce } from './live.js';
import { countOf, sourceOf } from './words.js';

/** @typedef {import('./api-types').Component} Component */
/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {{ component: Component, source: string, findings: Finding[], text: string }} Row */

/** @type {import('./data-table.js').Column<Row>[]} */
const columns = [
  {
    key: 'name', label: 'Package', order: ({ component }) => component.name.toLowerCase(),
    cell: ({ component }) => el('span', { class: 'name' }, component.name),
  },
  {
    key: 'version', label: 'Version', isShort: true, order: ({ component }) => orderOf(component.version),
    cell: ({ component }) => el('code', {}, component.version),
  },
  {
    key: 'licence', label: 'Licence', isShort: true, order: ({ component }) => component.license?.name.toLowerCase() || '\uffff',
    cell: ({ component }) => licenceOf(component),
  },
  { key: 'source', label: 'Source', isShort: true, order: ({ source }) => source, cell: ({ source }) => source },
  {
    key: 'layer', label: 'Layer', isNumber: true, order: ({ component }) => component.layerIndex ?? -1,
    cell: ({ component }) => component.layerIndex ?? '–',
  },
  {
    key: 'location', label: 'Found in', order: ({ component }) => component.location,
    cell: ({ component }) => el('code', {}, component.location),
  },
  {
    key: 'findings', label: 'Findings', startsDown: true, order: ({ findings }) => findings.length,
    cell: ({ findings }) => severityCounts(countBySeverity(findings)),
  },
];

/**
 * @param {Component[]} components
 * @param {Finding[]} findings the open ones
 */
export function packagesTab(components, findings) {
  const byComponent = Map.groupBy(findings, finding => finding.component);
  /** @type {Row[]} */
  const rows = components.map(component => ({
    component,
    source: sourceOf(component),
    findings: byComponent.get(component) ?? [],
    text: [component.name, component.version, component.license?.name, component.location, sourceOf(component)].join('\n').toLowerCase(),
  }));
  const status = el('p', { class: 'status' });
  const search = el('input', {
    type: 'search', id: newId('filter'), class: 'filter', placeholder: 'Package, licence, path', 'aria-keyshortcuts': 'Control+K Meta+K', autocomplete: 'off',
    spellcheck: 'false', oninput: () => apply(),
  });
  const table = createTable({ caption: 'Packages and their licences', noun: 'packages', columns, rows, sort: 'name' });
  apply();
  return el('div', {},
    el('form', { class: 'filters', role: 'search', 'aria-label': 'Filter packages', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      el('label', { for: search.id, class: 'grow' }, el('span', { class: 'unseen' }, 'Filter packages '), search)),
    status, licenceSummary(components, name => {
      search.value = name;
      apply();
    }), table.element);

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word !== '');
    const found = [...rows.keys()].filter(place => words.every(word => rows[place].text.includes(word)));
    table.show(found);
    status.textContent = `${countOf(found.length)} of ${countOf(rows.length)} packages`;
    announce(status.textContent);
  }
}

/** @param {Component} component */
function licenceOf({ license }) {
  return license?.name ? outLink(license.url, license.name) : el('span', { class: 'faint' }, 'not stated');
}

/** @param {Component[]} components @param {(name: string) => void} onpick */
function licenceSummary(components, onpick) {
  const most = 12;
  const groups = [...Map.groupBy(components, component => component.license?.name ?? '')]
    .filter(([name]) => name !== '').sort(([, left], [, right]) => right.length - left.length);
  return groups.length > 0 && el('p', { class: 'chips' },
    groups.slice(0, most).map(([name, members]) => el('button', { type: 'button', class: 'toggle', onclick: () => onpick(name) },
      name, el('span', { class: 'count' }, countOf(members.length)))),
    groups.length > most && el('span', { class: 'faint' }, `and ${countOf(groups.length - most)} more`));
}

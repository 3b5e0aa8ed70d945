// The findings: what narrows them, the table, and the address that remembers both.

import { createTable } from './data-table.js';
import { button, el, newId } from './dom.js';
import { findingDetails } from './finding-details.js';
import { everyOpenFinding, find, orderOf } from './findings.js';
import { announce } from './live.js';
import { countOf, percentOf, severities, severityAt, stateWords } from './words.js';

/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./findings.js').FindingFilter} FindingFilter */

const standardSort = '-severity';

/** @type {import('./data-table.js').Column<Finding>[]} */
const columns = [
  { key: 'cve', label: 'Vulnerability', order: finding => finding.cveOrder, cell: nameCell },
  {
    key: 'severity', label: 'Severity', isShort: true, startsDown: true, order: finding => finding.severity,
    cell: ({ severity }) => severityMark(severity),
  },
  { key: 'cvss', label: 'CVSS', isNumber: true, startsDown: true, order: finding => finding.cvss, cell: ({ cvss }) => (cvss > 0 ? cvss.toFixed(1) : '–') },
  { key: 'epss', label: 'EPSS', isNumber: true, startsDown: true, order: finding => finding.epss, cell: ({ epss }) => (epss < 0 ? '–' : percentOf(epss)) },
  {
    key: 'kev', label: 'KEV', isShort: true, startsDown: true, order: finding => Number(finding.isExploited),
    cell: ({ isExploited }) => (isExploited ? el('span', { class: 'badge kev', title: 'CISA knows of attacks' }, 'exploited') : '–'),
  },
  {
    key: 'package', label: 'Package', order: finding => finding.packageName.toLowerCase(),
    cell: ({ packageName }) => el('span', { class: 'name' }, packageName),
  },
  {
    key: 'fix', label: 'Installed → fixed', order: finding => (finding.fixedBy ? orderOf(finding.fixedBy) : '\uffff'),
    cell: ({ version, fixedBy }) => [
      el('code', {}, version), ' → ', fixedBy ? el('code', { class: 'fix' }, fixedBy) : el('span', { class: 'faint' }, 'no fix')],
  },
  { key: 'layer', label: 'Layer', order: finding => finding.layer, cell: layerCell },
  { key: 'source', label: 'Source', isShort: true, order: finding => finding.source, cell: ({ source }) => source },
];

/**
 * @param {object} options
 * @param {Finding[]} options.findings
 * @param {URLSearchParams} options.parameters of the address
 * @param {(changes: Record<string, string>) => void} options.onchange of what is to stand in the address
 * @param {((finding: Finding) => void) | null} options.suppress
 */
export function createFindingsView({ findings, parameters, onchange, suppress }) {
  const filter = filterOf(parameters);
  const status = el('p', { class: 'status' });
  const search = el('input', {
    type: 'search', id: newId('filter'), class: 'filter', value: filter.text, placeholder: 'CVE, package, text', 'aria-keyshortcuts': 'Control+K Meta+K',
    autocomplete: 'off', spellcheck: 'false', oninput: () => change({ text: search.value }),
  });
  const severityPicks = severities.map(({ key, word }) => button(word, () => toggleSeverity(key), { class: `toggle of-${key}`, 'data-severity': key }));
  const fixable = choice('Fix', [['', 'any'], ['yes', 'has a fix'], ['no', 'has none']], value => change({ fixable: /** @type {any} */ (value) }));
  const state = choice('State', [['open', 'open'], ['suppressed', 'suppressed'], ['all', 'all']], value => change({ state: /** @type {any} */ (value) }));
  const exploited = button('Exploited', () => change({ exploited: !filter.exploited }), { class: 'toggle' });
  const layer = button('', () => change({ layer: -1 }), { class: 'toggle', 'aria-pressed': 'true' });
  const reset = button('Show all', () => change({ ...everyOpenFinding }), { class: 'quiet' });
  const table = createTable({
    caption: 'Vulnerabilities by package', noun: 'findings', columns, rows: findings,
    sort: parameters.get('sort') ?? standardSort, page: Math.max(0, Number(parameters.get('page') ?? 1) - 1) || 0,
    tieBreak: (left, right) => right.severity - left.severity || Number(right.isExploited) - Number(left.isExploited) || right.epss - left.epss
      || right.cvss - left.cvss || (left.cveOrder < right.cveOrder ? 1 : left.cveOrder > right.cveOrder ? -1 : 0),
    details: finding => findingDetails(finding, suppress),
    nameOf: finding => `${finding.cve} in ${finding.packageName}`,
    onmove: (sort, page) => onchange({ sort: sort === standardSort ? '' : sort, page: page === 0 ? '' : String(page + 1) }),
  });
  const element = el('div', { class: 'findings' },
    el('form', { class: 'filters', role: 'search', 'aria-label': 'Filter findings', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      el('label', { for: search.id, class: 'grow' }, el('span', { class: 'unseen' }, 'Filter '), search),
      el('span', { role: 'group', 'aria-label': 'Severity', class: 'toggles' }, severityPicks),
      exploited, fixable.element, state.element, layer, reset),
    status, table.element);
  apply(true);
  return { element, change, narrowing: () => ({ severities: filter.severities, fixable: filter.fixable }) };

  /** @param {Partial<FindingFilter>} changes */
  function change(changes) {
    Object.assign(filter, changes);
    apply(false);
    onchange({ ...parametersOf(filter), page: '' });
  }

  /** @param {string} key */
  function toggleSeverity(key) {
    const picked = new Set(filter.severities);
    if (!picked.delete(key)) {
      picked.add(key);
    }

    change({ severities: picked });
  }

  /** @param {boolean} isFirst */
  function apply(isFirst) {
    const found = find(findings, filter);
    table.show(found, isFirst);
    const distinct = new Set(found.map(place => findings[place].cve)).size;
    status.textContent = found.length === 0
      ? findings.length === 0 ? 'Nothing was found in this image.' : 'Nothing fits these filters.'
      : `${countOf(found.length)} of ${countOf(findings.length)} findings, ${countOf(distinct)} different vulnerabilities`;
    if (!isFirst) {
      announce(status.textContent);
    }

    showControls();
  }

  function showControls() {
    if (search.value !== filter.text) {
      search.value = filter.text;
    }

    severityPicks.forEach(pick => pick.setAttribute('aria-pressed', String(filter.severities.has(pick.dataset.severity ?? ''))));
    exploited.setAttribute('aria-pressed', String(filter.exploited));
    fixable.control.value = filter.fixable;
    state.control.value = filter.state;
    layer.hidden = filter.layer < 0;
    layer.textContent = `Layer ${filter.layer} ✕`;
    layer.setAttribute('aria-label', `Layer ${filter.layer} only; show all layers`);
    reset.hidden = Object.values(parametersOf(filter)).every(value => value === '');
  }
}

/** @param {number} rank */
export const severityMark = rank => el('span', { class: `badge of-${severityAt(rank).key}` }, severityAt(rank).word);

/**
 * @param {string} label
 * @param {[string, string][]} values
 * @param {(value: string) => void} onpick
 */
function choice(label, values, onpick) {
  const id = newId('choice');
  const control = el('select', { id, onchange: () => onpick(control.value) }, values.map(([value, word]) => el('option', { value }, word)));
  return { control, element: el('label', { for: id }, `${label} `, control) };
}

/** @param {Finding} finding */
function nameCell({ cve, state }) {
  return [el('span', { class: 'cve' }, cve), state !== 'open' && el('span', { class: 'badge state' }, stateWords[state])];
}

/** @param {Finding} finding */
function layerCell({ layer, instruction }) {
  return layer < 0 ? '–' : el('span', { class: 'layer', title: instruction }, `${layer} `, el('code', {}, instruction));
}

/** @param {URLSearchParams} parameters @returns {FindingFilter} */
function filterOf(parameters) {
  const fixable = parameters.get('fixable');
  const state = parameters.get('state');
  const layer = Number.parseInt(parameters.get('layer') ?? '', 10);
  return {
    text: parameters.get('q') ?? '',
    severities: new Set((parameters.get('severity') ?? '').split(',').filter(key => severities.some(severity => severity.key === key))),
    fixable: fixable === 'yes' || fixable === 'no' ? fixable : '',
    exploited: parameters.get('kev') === '1',
    state: state === 'suppressed' || state === 'all' ? state : 'open',
    layer: Number.isNaN(layer) ? -1 : layer,
  };
}

/** @param {FindingFilter} filter */
function parametersOf(filter) {
  return {
    q: filter.text,
    severity: [...filter.severities].join(','),
    fixable: filter.fixable,
    kev: filter.exploited ? '1' : '',
    state: filter.state === 'open' ? '' : filter.state,
    layer: filter.layer < 0 ? '' : String(filter.layer),
  };
}

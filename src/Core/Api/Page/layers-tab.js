// What each instruction of the Dockerfile has brought.

import { severityCounts } from './charts.js';
import { button, el } from './dom.js';
import { countBySeverity } from './findings.js';
import { layerSizes } from './session.js';
import { bytesOf, countWord, shortDigest } from './words.js';

/** @typedef {import('./api-types').Image} Image */
/** @typedef {import('./findings.js').Finding} Finding */

/**
 * @param {Image} image
 * @param {Finding[]} findings the open ones
 * @param {(layer: number) => void} onpick of a layer whose findings are to be seen
 */
export function layersTab(image, findings, onpick) {
  const steps = image.metadata?.v1?.layers ?? [];
  const shas = image.metadata?.layerShas ?? [];
  const sizes = layerSizes();
  const baseEnd = image.baseImageInfo?.[0]?.maxLayerIndex ?? -1;
  const packages = countBy((image.scan?.components ?? []).map(component => component.layerIndex ?? -1));
  const byLayer = Map.groupBy(findings, ({ layer }) => layer);
  let blob = 0;
  const rows = steps.map((step, index) => {
    const digest = step.empty ? undefined : shas[blob++];
    const own = byLayer.get(index) ?? [];
    const size = digest === undefined ? undefined : sizes[digest];
    return el('tr', { role: 'row', class: step.empty ? 'empty' : undefined },
      cell('Step', 'number', String(index)),
      cell('Instruction', 'wide', el('code', { class: 'instruction' }, el('b', {}, step.instruction), ` ${step.value}`),
        digest && el('span', { class: 'faint', title: digest }, shortDigest(digest)),
        index === baseEnd && el('span', { class: 'badge' }, `the base image ends here: ${image.baseImageInfo?.[0].baseImageFullName}`)),
      cell('Size', 'number', size === undefined ? '–' : bytesOf(size)),
      cell('Packages', 'number', String(packages.get(index) ?? 0)),
      cell('Findings', '', severityCounts(countBySeverity(own)), ' ',
        own.length > 0 && button('Show', () => onpick(index), { class: 'quiet small', 'aria-label': `Show the findings of layer ${index}` })));
  });
  const lost = packages.get(-1) ?? 0;
  return el('div', {},
    el('p', { class: 'status' }, `${countWord(steps.length, 'instruction')}, ${countWord(shas.length, 'layer')}. `,
      'Sizes are compressed, and known for layers that this tab has seen being read.',
      lost > 0 && ` Of ${countWord(lost, 'package')} it is not known which layer brought ${lost === 1 ? 'it' : 'them'}.`),
    el('div', { class: 'table-frame' }, el('table', { role: 'table', class: 'plain' },
      el('caption', { class: 'unseen' }, 'Instructions of the Dockerfile and what each has brought'),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
        ['Step', 'Instruction', 'Size', 'Packages', 'Findings'].map(label => el('th', {
          scope: 'col', role: 'columnheader', class: ['Instruction', 'Findings'].includes(label) ? undefined : 'number',
        }, label)))),
      el('tbody', { role: 'rowgroup' }, rows))));
}

/** @param {string} label @param {string} kind @param {...import('./dom.js').Child} children */
const cell = (label, kind, ...children) =>
  el('td', { role: 'cell', 'data-label': label, class: kind || undefined }, el('span', { class: 'value' }, children));

/** @param {number[]} values */
function countBy(values) {
  const counts = new Map();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }

  return counts;
}

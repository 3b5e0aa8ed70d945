// Two small drawings of the findings. Each says in words what it shows, and never by colour alone.

import { button, el, newId, svg } from './dom.js';
import { countOf, countWord, severities } from './words.js';

/** @typedef {{ all: number, fixable: number }} Count */

const radius = 42;
const around = 2 * Math.PI * radius;

/**
 * A ring of the severities, and beside it a button for each that shows only those.
 * @param {Count[]} counts by rank
 * @param {(severity: string) => void} onpick
 */
export function severityChart(counts, onpick) {
  const total = counts.reduce((sum, { all }) => sum + all, 0);
  const there = severities.filter(({ rank }) => counts[rank].all > 0);
  const words = there.map(({ rank, word }) => `${countOf(counts[rank].all)} ${word.toLowerCase()}`).join(', ');
  let begun = 0;
  const arcs = there.map(({ rank, key }) => {
    const share = counts[rank].all / total;
    // A gap between neighbours, and never so thin that it is not seen.
    const length = Math.max(share * around - (there.length > 1 ? 2 : 0), 1);
    const arc = svg('circle', {
      r: radius, cx: 60, cy: 60, class: `arc of-${key}`, 'stroke-dasharray': `${length} ${around - length}`, 'stroke-dashoffset': -begun,
    });
    begun += share * around;
    return arc;
  });
  return el('section', { class: 'card' },
    el('h2', {}, 'By severity'),
    el('div', { class: 'ring' },
      svg('svg', { viewBox: '0 0 120 120', role: 'img', 'aria-label': `${countWord(total, 'finding')}: ${words || 'none'}` },
        svg('circle', { r: radius, cx: 60, cy: 60, class: 'arc of-none' }),
        svg('g', { transform: 'rotate(-90 60 60)' }, arcs),
        svg('text', { x: 60, y: 62, class: total > 999 ? 'total long' : 'total' }, countOf(total)),
        svg('text', { x: 60, y: 78, class: 'unit' }, total === 1 ? 'finding' : 'findings')),
      el('ul', { class: 'legend' }, severities.map(({ rank, key, word }) => {
        const pick = button('', () => onpick(key), { class: `pick of-${key}`, 'data-severity': key, disabled: counts[rank].all === 0 });
        pick.append(el('span', { class: 'swatch' }), el('span', { class: 'word' }, word), el('b', {}, countOf(counts[rank].all)));
        return el('li', {}, pick);
      }))));
}

/**
 * For each severity how much of it has a fix: whole bars do, hatched ones do not.
 * @param {Count[]} counts by rank
 */
export function fixableChart(counts) {
  const total = counts.reduce((sum, { all }) => sum + all, 0);
  const fixable = counts.reduce((sum, count) => sum + count.fixable, 0);
  const most = Math.max(1, ...counts.map(({ all }) => all));
  const hatch = newId('hatch');
  const rows = severities.map(({ rank, key, word }, place) => {
    const { all, fixable: mended } = counts[rank];
    const y = place * 21;
    // Square roots: three critical ones are still seen beside three thousand low ones.
    const whole = all === 0 ? 0 : Math.max(2, 190 * Math.sqrt(all / most));
    const part = all === 0 ? 0 : whole * mended / all;
    return svg('g', {},
      svg('text', { x: 0, y: y + 13, class: 'label' }, word),
      svg('rect', { x: 74, y: y + 2, width: whole, height: 14, rx: 3, class: `rest of-${key}`, fill: `url(#${hatch}-${key})` }),
      svg('rect', { x: 74, y: y + 2, width: part, height: 14, rx: 3, class: `bar of-${key}` }),
      svg('text', { x: 80 + whole, y: y + 13, class: 'number' }, all === 0 ? '0' : `${countOf(mended)} / ${countOf(all)}`));
  });
  const words = severities.map(({ rank, word }) => `${word}: ${countOf(counts[rank].fixable)} of ${countOf(counts[rank].all)}`).join('; ');
  return el('section', { class: 'card' },
    el('h2', {}, 'With a fix'),
    el('p', { class: 'lead' }, el('b', {}, countOf(fixable)), ` of ${countOf(total)} ${total === 1 ? 'has' : 'have'} a fixed version`),
    svg('svg', { viewBox: '0 0 350 104', class: 'bars', role: 'img', 'aria-label': `With a fix, by severity. ${words}` },
      svg('defs', {}, severities.map(({ key }) => svg('pattern', {
        id: `${hatch}-${key}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)',
      }, svg('rect', { width: 2, height: 6, class: `bar of-${key}` })))),
      rows));
}

/**
 * A line of how many there were, oldest first.
 * @param {number[]} values
 * @param {string} words what it shows
 */
export function sparkline(values, words) {
  const most = Math.max(1, ...values);
  const points = values.map((value, place) => `${values.length < 2 ? 40 : (place * 76 / (values.length - 1)) + 2},${20 - (value / most * 16)}`);
  const [x, y] = points[points.length - 1].split(',');
  return svg('svg', { viewBox: '0 0 80 24', class: 'spark', role: 'img', 'aria-label': words },
    svg('polyline', { points: points.join(' ') }), svg('circle', { cx: x, cy: y, r: 2 }));
}

/**
 * How many findings of each severity, in one line of marks with letters.
 * @param {Count[]} counts by rank
 */
export function severityCounts(counts) {
  const there = severities.filter(({ rank }) => counts[rank].all > 0);
  return there.length === 0
    ? el('span', { class: 'faint' }, '0')
    : el('span', { class: 'counts' }, there.map(({ rank, key, word }) =>
      el('span', { class: `mark of-${key}`, title: word }, `${countOf(counts[rank].all)} `, el('abbr', { title: word }, word[0]))));
}

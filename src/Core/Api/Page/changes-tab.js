// What newer advisories have made of the image, and how other images of its name fare.

import { get, inPath } from './api.js';
import { severityCounts, sparkline } from './charts.js';
import { el, timeOf } from './dom.js';
import { failureBox } from './failure.js';
import { severityMark } from './findings-view.js';
import { agoOf, countOf, countWord, dayOf, momentOf, severities, severityOf, shortDigest } from './words.js';

/** @typedef {import('./api-types').Changes} Changes */
/** @typedef {import('./api-types').ChangedFinding} ChangedFinding */
/** @typedef {import('./api-types').Counts} Counts */
/** @typedef {import('./api-types').History} History */

const mostListed = 50;

/** @param {string} id of the image */
export function changesTab(id) {
  const element = el('div', { class: 'changes' }, el('p', { class: 'status' }, 'Loading …'));
  void load();
  return element;

  async function load() {
    try {
      const path = `v1/images/${inPath(id)}`;
      const [{ changes }, history] = await Promise.all([
        /** @type {Promise<{ changes: Changes[] }>} */ (get(`${path}/changes`)),
        /** @type {Promise<History | Error>} */ (get(`${path}/history`).catch(failure => failure)),
      ]);
      element.replaceChildren(...[
        history instanceof Error ? failureBox(history, 'The history could not be read', () => void load()) : trend(history),
        el('h2', {}, 'What newer advisories changed'),
        changes.length === 0 && el('p', {}, 'Nothing has changed since this image was first scanned.'),
        ...changes.map(changeBox),
        !(history instanceof Error) && relatives(history, id),
      ].filter(part => part instanceof Node));
    } catch (failure) {
      element.replaceChildren(failureBox(failure, 'The changes could not be read', () => void load()));
    }
  }
}

/** @param {Changes} change */
function changeBox(change) {
  const listed = change.added.length + change.removed.length + change.fixed.length;
  return el('section', { class: 'card' },
    el('h3', {}, timeOf(change.at, momentOf)),
    el('p', { class: 'faint' },
      change.from ? ['Advisories of ', timeOf(change.from.builtAt, dayOf), ' gave way to those of '] : 'First judged by advisories of ',
      timeOf(change.to?.builtAt, dayOf), change.to?.isStarterSet && ' (starter set)'),
    group('New', change.added), group('Gone', change.removed), group('Has a fix now', change.fixed),
    change.total > listed && el('p', { class: 'faint' }, `And ${countOf(change.total - listed)} more that are not listed.`));
}

/** @param {string} title @param {ChangedFinding[]} findings */
function group(title, findings) {
  return findings.length > 0 && el('details', { open: findings.length <= mostListed },
    el('summary', {}, `${title}: ${countOf(findings.length)}`),
    el('ul', { class: 'lines' }, findings.map(({ cve, component, version, severity, fixedBy }) => el('li', {},
      severityMark(severityOf(severity).rank), el('span', { class: 'cve' }, cve), el('span', {}, `${component} `, el('code', {}, version)),
      fixedBy && el('span', {}, '→ ', el('code', { class: 'fix' }, fixedBy))))));
}

/** @param {History} history */
function trend({ points }) {
  if (points.length < 2) {
    return null;
  }

  const oldestFirst = [...points].reverse();
  const totals = oldestFirst.map(({ counts }) => counts.total);
  return el('section', { class: 'card' },
    el('h2', {}, 'Findings over time'),
    el('div', { class: 'trend' },
      sparkline(totals, `Findings over time: ${totals.join(', ')}`),
      el('p', {}, `From ${countOf(totals[0])} on `, timeOf(oldestFirst[0].at, dayOf), ` to ${countOf(totals[totals.length - 1])} now, over `,
        `${countWord(points.length, 'state')} of the advisories. Suppressed ones count.`)));
}

/** @param {History} history @param {string} id */
function relatives({ images }, id) {
  return images.length > 1 && el('section', {},
    el('h2', {}, 'Images that have, or had, the same name'),
    el('div', { class: 'table-frame' }, el('table', { role: 'table', class: 'plain' },
      el('caption', { class: 'unseen' }, 'Images of the same name, newest first'),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
        ['Image', 'Name', 'Made', 'Findings', 'With a fix'].map(label => el('th', { scope: 'col', role: 'columnheader' }, label)))),
      el('tbody', { role: 'rowgroup' }, images.map(image => el('tr', { role: 'row' },
        cell('Image', image.id === id ? el('b', {}, 'this one') : el('a', { href: `#/image/${image.id}` }, shortDigest(image.id))),
        cell('Name', image.name), cell('Made', timeOf(image.created, agoOf)),
        cell('Findings', severityCounts(byRank(image.counts))), cell('With a fix', countOf(image.counts.fixable))))))));
}

/** @param {string} label @param {import('./dom.js').Child} child */
const cell = (label, child) => el('td', { role: 'cell', 'data-label': label }, el('span', { class: 'value' }, child));

/** @param {Counts} counts */
export const byRank = counts => [...severities].reverse().map(({ key }) => ({ all: counts[/** @type {keyof Counts} */ (key)], fixable: 0 }));

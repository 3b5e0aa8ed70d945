// Reports to take along. They are fetched with the token and handed over as files: a link could not carry it.

import { inPath, send, withQuery } from './api.js';
import { button, el } from './dom.js';
import { failureBox } from './failure.js';

// Names of ?format= (docs/reports.md), what a file of it is called, and who wants it. The first is the API's own answer.
const formats = /** @type {const} */ ([
  ['json', 'json', 'StackRox JSON: everything, also what is suppressed'],
  ['table', 'txt', 'Text table: for terminals and mails'],
  ['csv', 'csv', 'CSV: for spreadsheets'],
  ['html', 'html', 'HTML: one file for a browser'],
  ['markdown', 'md', 'Markdown: a card for pull requests'],
  ['sarif', 'sarif', 'SARIF 2.1.0: for code scanning'],
  ['cyclonedx', 'cdx.json', 'CycloneDX 1.6: packages with vulnerabilities'],
  ['spdx', 'spdx.json', 'SPDX 2.3: packages and licences'],
  ['junit', 'xml', 'JUnit: for test reports of CI'],
  ['gitlab', 'gitlab.json', 'GitLab: container scanning report'],
]);

/**
 * @param {import('./api-types').Image} image
 * @param {() => { severities: ReadonlySet<string>, fixable: '' | 'yes' | 'no' }} narrowing the filters as they are
 */
export function downloadMenu(image, narrowing) {
  const problems = el('div', {});
  const narrow = el('input', { type: 'checkbox' });
  const menu = el('details', { class: 'menu' },
    el('summary', { class: 'button' }, 'Download'),
    el('div', { class: 'sheet' },
      el('ul', {}, formats.map(([format, extension, label]) => el('li', {}, button(label, () => void save(format, extension), { 'data-format': format })))),
      el('label', {}, narrow, ' only the severities and fixes that are filtered for ', el('span', { class: 'hint' }, 'JSON has always all')),
      problems));
  menu.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
  menu.addEventListener('focusout', event => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
  return menu;

  /** @param {string} format @param {string} extension */
  async function save(format, extension) {
    problems.replaceChildren();
    const { severities, fixable } = narrow.checked && format !== 'json' ? narrowing() : { severities: new Set(), fixable: '' };
    try {
      if (fixable === 'no') {
        throw new Error('Reports can be narrowed to what has a fix, and not to what has none. Filter for another fix, or take the whole report.');
      }

      const response = await send(withQuery(`v1/images/${inPath(image.id)}`, {
        name: image.name?.fullName, format, severity: [...severities].join(','), fixable: fixable === 'yes', includeSnoozed: format === 'json',
      }), { headers: { Accept: '*/*' } });
      hand(await response.blob(), `${fileName(image)}.${extension}`);
      menu.open = false;
    } catch (failure) {
      problems.replaceChildren(failureBox(failure, 'This report was not made'));
    }
  }
}

/** @param {Blob} content @param {string} name */
function hand(content, name) {
  const address = URL.createObjectURL(content);
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// Names come from callers, so only what is harmless in a file's name stays.
/** @param {import('./api-types').Image} image */
const fileName = ({ name, id }) => (name?.fullName || id).replace(/[^\w.-]+/g, '-').replace(/^[-.]+/, '').slice(-100) || 'image';

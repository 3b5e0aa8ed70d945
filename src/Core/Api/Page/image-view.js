// An image: what it is, how far its scan can be trusted, what was found.

import { changesTab } from './changes-tab.js';
import { permissions } from './caller.js';
import { fixableChart, severityChart } from './charts.js';
import { button, el, timeOf } from './dom.js';
import { downloadMenu } from './downloads.js';
import { countBySeverity, everyOpenFinding, findingsOf } from './findings.js';
import { createFindingsView } from './findings-view.js';
import { layersTab } from './layers-tab.js';
import { announce } from './live.js';
import { packagesTab } from './packages-tab.js';
import { hashOf } from './router.js';
import { signaturesTab } from './signatures-tab.js';
import { openSuppressDialog } from './suppress-dialog.js';
import { suppressedTab } from './suppressed-tab.js';
import { tabList } from './tabs.js';
import { agoOf, countOf, doubtsAbout, momentOf, scanNoteOf } from './words.js';

/** @typedef {import('./api-types').Image} Image */

/**
 * @param {Image} image
 * @param {import('./router.js').Route} route
 * @param {object} on
 * @param {(changes: Record<string, string>) => void} on.change of the address
 * @param {(said: string) => void} on.decide somebody has decided about a vulnerability, so the image is to be read again
 */
export async function imageView(image, { parameters }, { change, decide }) {
  const may = await permissions();
  const { name } = image;
  const findings = findingsOf(image);
  const open = findings.filter(({ state }) => state === 'open');
  const suppressed = findings.filter(({ state }) => state !== 'open');
  const components = image.scan?.components ?? [];
  const table = createFindingsView({
    findings,
    parameters,
    onchange: change,
    suppress: may.mayRequest || may.mayApprove
      ? ({ cve }) => openSuppressDialog(cve, name, may, outcome => decide(outcome === 'acts'
        ? `${cve} is suppressed.` : `It was asked that ${cve} be suppressed; somebody has to approve it.`))
      : null,
  });
  const tabs = tabList('Parts of the result', [
    { key: 'vulnerabilities', label: 'Vulnerabilities', count: countOf(open.length), open: () => table.element },
    { key: 'layers', label: 'Layers', count: countOf(image.metadata?.layerShas.length ?? 0), open: () => layersTab(image, open, pickLayer) },
    { key: 'packages', label: 'Packages and licences', count: countOf(components.length), open: () => packagesTab(components, open) },
    { key: 'signatures', label: 'Signatures', open: () => signaturesTab(image) },
    { key: 'changes', label: 'Changes', open: () => changesTab(image.id) },
    {
      key: 'suppressed', label: 'Suppressed', count: countOf(suppressed.length),
      open: () => suppressedTab(suppressed, name, may, () => decide('Done.')),
    },
  ], parameters.get('tab') ?? '', key => change({ tab: key === 'vulnerabilities' ? '' : key }));
  const counts = countBySeverity(open);
  return el('article', { class: 'image' },
    head(image, downloadMenu(image, table.narrowing)),
    warnings(image, open.length),
    image.scan && el('div', { class: 'cards' },
      severityChart(counts, key => {
        tabs.open('vulnerabilities');
        table.change({ ...everyOpenFinding, severities: new Set([key]) });
      }),
      fixableChart(counts)),
    tabs.element);

  /** @param {number} layer */
  function pickLayer(layer) {
    // The button that was pressed goes with its tab.
    tabs.show('vulnerabilities');
    table.change({ ...everyOpenFinding, layer });
  }
}

/** @param {Image} image @param {HTMLElement} downloads */
function head(image, downloads) {
  const { name } = image;
  const metadata = image.metadata?.v1;
  const others = image.names.filter(({ fullName }) => fullName !== name?.fullName);
  const command = [...(metadata?.entrypoint ?? []), ...(metadata?.command ?? [])].join(' ');
  return el('header', { class: 'head' },
    el('div', { class: 'title' },
      el('h1', { tabindex: '-1' }, name?.fullName || image.id),
      el('div', { class: 'actions' }, copyButton('Copy link', () => shareLink(image)), downloads)),
    el('dl', { class: 'facts wide' },
      fact('Digest', el('code', { class: 'digest' }, image.id), ' ', copyButton('Copy', () => image.id)),
      fact('System', image.scan?.operatingSystem || 'not recognised'),
      fact('Platform', platformOf(image)),
      fact('Made', timeOf(metadata?.created, agoOf)),
      fact('Scanned', timeOf(image.scan?.scanTime, momentOf)),
      fact('Runs as', metadata?.user ?? '–'),
      command !== '' && fact('Command', el('code', {}, command)),
      image.baseImageInfo?.[0] && fact('Base image', image.baseImageInfo[0].baseImageFullName),
      others.length > 0 && fact('Also called', others.map(other => other.fullName).join(', ')),
      fact('Scanned by', image.scan?.scannerVersion || '–')));
}

/** @param {string} name @param {...import('./dom.js').Child} value */
const fact = (name, ...value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));

// Packages say what they were built for; the API's image does not.
/** @param {Image} image */
function platformOf(image) {
  const architectures = (image.scan?.components ?? []).map(({ architecture }) => architecture ?? '')
    .filter(architecture => !['', 'all', 'any', 'noarch'].includes(architecture));
  return [...new Set(architectures)].slice(0, 3).join(', ') || '–';
}

/** @param {Image} image @param {number} found */
function warnings(image, found) {
  const notes = image.scan?.notes ?? [];
  const lacks = [
    ...(image.scan ? [] : ['This image has no scan: nothing is known about its packages.']),
    ...notes.map(scanNoteOf),
    ...(image.metadata ? [] : ['What the image is made of could not be read.']),
  ];
  const doubts = image.scan && doubtsAbout(image.scan.scannerVersion ?? '', Date.now());
  return el('div', {},
    image.removedAt && el('section', { class: 'notice warn' }, el('p', {}, 'Registries no longer have it, since ', timeOf(image.removedAt, momentOf), '.')),
    lacks.length > 0 && el('section', { class: 'notice warn' },
      el('h2', {}, found === 0 ? 'Nothing was found, but this result is not complete' : 'This result is not complete'),
      el('ul', {}, lacks.map(note => el('li', {}, note)))),
    doubts && el('section', { class: 'notice warn' }, el('h2', {}, doubts.title), el('p', {}, doubts.text)),
    lacks.length === 0 && found === 0 && el('section', { class: doubts ? 'notice warn' : 'notice good' },
      el('p', {}, doubts ? 'Nothing was found by these advisories.' : 'No open vulnerability is known in this image.')));
}

/** @param {Image} image */
const shareLink = ({ id, name }) =>
  `${location.href.split('#')[0]}${hashOf({ view: 'image', id, parameters: new URLSearchParams(name ? { name: name.fullName } : {}) })}`;

/** @param {string} label @param {() => string} text */
function copyButton(label, text) {
  const control = button(label, async () => {
    try {
      await navigator.clipboard.writeText(text());
      control.textContent = 'Copied';
      announce('Copied');
    } catch {
      // Browsers refuse this on pages that came over http.
      prompt('To be copied by hand:', text());
    }

    setTimeout(() => { control.textContent = label; }, 2_000);
  }, { class: 'quiet small' });
  return control;
}

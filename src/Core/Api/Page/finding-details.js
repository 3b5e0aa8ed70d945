// What a finding opens to: what it is about, how its score comes about, where more is said.

import { explain, specificationOf } from './cvss-words.js';
import { button, el, isWebAddress, outLink, timeOf } from './dom.js';
import { dayOf, momentOf, percentOf, stateWords } from './words.js';

/** @typedef {import('./findings.js').Finding} Finding */

const scoreSources = new Map([['SOURCE_RED_HAT', 'Red Hat'], ['SOURCE_OSV', 'OSV'], ['SOURCE_NVD', 'NVD']]);

// https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/vulnerability.proto, and VulnOrigin of its main branch.
const origins = new Map([
  ['VULN_ORIGIN_OSV', 'OSV'], ['VULN_ORIGIN_ALPINE', 'Alpine'], ['VULN_ORIGIN_AMAZON', 'Amazon'], ['VULN_ORIGIN_DEBIAN', 'Debian'],
  ['VULN_ORIGIN_ORACLE', 'Oracle'], ['VULN_ORIGIN_PHOTON', 'Photon'], ['VULN_ORIGIN_RED_HAT', 'Red Hat'], ['VULN_ORIGIN_SUSE', 'SUSE'],
  ['VULN_ORIGIN_UBUNTU', 'Ubuntu'],
]);

/**
 * @param {Finding} finding
 * @param {((finding: Finding) => void) | null} suppress null where the caller may not
 */
export function findingDetails(finding, suppress) {
  const { vulnerability, component } = finding;
  return el('div', { class: 'finding' },
    el('p', { class: 'summary' }, vulnerability.summary || 'The advisory has no summary.'),
    exploitBox(finding),
    el('div', { class: 'columns' },
      el('dl', { class: 'facts' },
        fact('Advisory', vulnerability.advisory && outLink(vulnerability.advisory.link, vulnerability.advisory.name)),
        fact('More at', vulnerability.link && (isWebAddress(vulnerability.link) ? outLink(vulnerability.link, vulnerability.link) : vulnerability.link)),
        fact('Advisories of', origins.get(vulnerability.origin ?? '')),
        fact('Published', vulnerability.publishedOn && timeOf(vulnerability.publishedOn, dayOf)),
        fact('Changed', vulnerability.lastModified && timeOf(vulnerability.lastModified, dayOf)),
        fact('Fix since', vulnerability.fixAvailableTimestamp && timeOf(vulnerability.fixAvailableTimestamp, dayOf)),
        fact('In this image since', vulnerability.firstImageOccurrence && timeOf(vulnerability.firstImageOccurrence, momentOf)),
        fact('Here at all since', vulnerability.firstSystemOccurrence && timeOf(vulnerability.firstSystemOccurrence, momentOf)),
        fact('EPSS', epssOf(finding))),
      el('dl', { class: 'facts' },
        fact('Package', `${component.name} ${component.version}`),
        fact('Found in', component.location && el('code', {}, component.location)),
        fact('Architecture', component.architecture),
        fact('All of it mended in', component.fixedBy),
        fact('Layer', finding.layer >= 0 && [`${finding.layer} `, finding.instruction && el('code', { class: 'instruction' }, finding.instruction)]),
        fact('Suppressed', finding.state !== 'open' && [
          stateWords[finding.state], vulnerability.suppressExpiry && ' until ',
          vulnerability.suppressExpiry && timeOf(vulnerability.suppressExpiry, momentOf)]))),
    scores(finding),
    suppress && el('p', {}, button('Suppress …', () => suppress(finding))));
}

/** @param {string} name @param {import('./dom.js').Child | import('./dom.js').Child[]} value */
const fact = (name, value) => (value ? [el('dt', {}, name), el('dd', {}, value)] : []);

// https://www.first.org/epss/: the chance that attacks are seen within the next thirty days, and its rank among all CVEs.
/** @param {Finding} finding */
const epssOf = ({ vulnerability: { epss } }) => epss
  && `${percentOf(epss.epssProbability)} chance of attacks within 30 days; above ${percentOf(epss.epssPercentile)} of all CVEs`;

/** @param {Finding} finding */
function exploitBox({ vulnerability: { cisaKev, exploit } }) {
  return cisaKev && el('section', { class: 'notice bad slim' },
    el('p', {}, el('b', {}, 'It is being exploited. '), exploit?.shortDescription),
    exploit && el('p', {}, exploit.requiredAction, exploit.dueDate && ` Due by ${exploit.dueDate}.`,
      exploit.knownRansomwareCampaignUse === 'Known' && ' Ransomware is known to use it.'));
}

/** @param {Finding} finding */
function scores({ vulnerability }) {
  const shown = new Set();
  const all = [
    { from: '', url: '', cvss: vulnerability.cvssV3 }, { from: '', url: '', cvss: vulnerability.cvssV2 },
    ...(vulnerability.cvssMetrics ?? []).map(({ source, url, cvssv2, cvssv3 }) => ({ from: scoreSources.get(source) ?? '', url, cvss: cvssv3 ?? cvssv2 })),
  ];
  // The advisory's own score stands in both lists; the one that says whose it is stays.
  return all.reverse().flatMap(({ from, url, cvss }) => {
    if (!cvss?.vector || shown.has(cvss.vector)) {
      return [];
    }

    shown.add(cvss.vector);
    const metrics = explain(cvss.vector);
    return [el('section', { class: 'vector' },
      el('h3', {}, `CVSS ${cvss.score.toFixed(1)}`, from && ` by ${from}`, ' ', el('code', {}, cvss.vector)),
      el('dl', { class: 'metrics' }, metrics.map(({ name, value, means }) => el('div', {}, el('dt', {}, name), el('dd', {}, el('b', {}, value), ` ${means}`)))),
      el('p', { class: 'faint' }, url && outLink(url, 'This score'), url && ' · ', outLink(specificationOf(cvss.vector), 'What the metrics mean')))];
  }).reverse();
}

// What the API's names and numbers are called to people.

/** @typedef {{ rank: number, key: string, word: string, wire: string }} Severity */

/** The severities of StackRox, worst first. @type {readonly Severity[]} */
export const severities = [
  { rank: 4, key: 'critical', word: 'Critical', wire: 'CRITICAL_VULNERABILITY_SEVERITY' },
  { rank: 3, key: 'important', word: 'Important', wire: 'IMPORTANT_VULNERABILITY_SEVERITY' },
  { rank: 2, key: 'moderate', word: 'Moderate', wire: 'MODERATE_VULNERABILITY_SEVERITY' },
  { rank: 1, key: 'low', word: 'Low', wire: 'LOW_VULNERABILITY_SEVERITY' },
  { rank: 0, key: 'unknown', word: 'Unknown', wire: 'UNKNOWN_VULNERABILITY_SEVERITY' },
];

const unknownSeverity = severities[severities.length - 1];

/** @param {string} wire */
export const severityOf = wire => severities.find(severity => severity.wire === wire) ?? unknownSeverity;

/** @param {number} rank */
export const severityAt = rank => severities[severities.length - 1 - rank] ?? unknownSeverity;

const sources = new Map([
  ['OS', 'System'], ['PYTHON', 'Python'], ['JAVA', 'Java'], ['RUBY', 'Ruby'], ['NODEJS', 'Node.js'], ['DOTNETCORERUNTIME', '.NET'],
  ['INFRASTRUCTURE', 'Other'], ['GO', 'Go'],
]);

// The app writes the ecosystem of what StackRox has no source for before its location.
const ecosystems = /^([a-z]+):/;

/** Whose packages: of the system, of a language. @param {{ source: string, location: string }} component */
export function sourceOf({ source, location }) {
  const ecosystem = source === 'INFRASTRUCTURE' ? ecosystems.exec(location)?.[1] : undefined;
  return ecosystem ?? sources.get(source) ?? source;
}

/** @type {Readonly<Record<import('./findings.js').FindingState, string>>} */
export const stateWords = { open: 'open', snoozed: 'snoozed', deferred: 'put off', 'false-positive': 'false positive' };

const counted = new Intl.NumberFormat('en');

/** @param {number} count */
export const countOf = count => counted.format(count);

/** "1 package", "3 packages". @param {number} count @param {string} noun @param {string} [nouns] */
export const countWord = (count, noun, nouns = `${noun}s`) => `${countOf(count)} ${count === 1 ? noun : nouns}`;

/** @param {number} bytes */
export function bytesOf(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }

  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

const spans = /** @type {const} */ ([['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]]);
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 days ago", "in 2 months". @param {Date} date */
export function agoOf(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  for (const [unit, length] of spans) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.trunc(seconds / length), unit);
    }
  }

  return 'just now';
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** "26 Nov 2026". @param {Date} date */
export const dayOf = date => day.format(date);

/** "26 Nov 2026, 22:14". @param {Date} date */
export const momentOf = date => moment.format(date);

/** "sha256:1cd3c0865249…". @param {string} digest */
export function shortDigest(digest) {
  const [algorithm, hex] = digest.split(':');
  return hex === undefined ? digest : `${algorithm}:${hex.slice(0, 12)}…`;
}

/** A probability of 0 to 1, so that small ones still differ. @param {number} share */
export const percentOf = share => (share > 0 && share < 0.0001 ? '<0.01%' : `${(share * 100).toFixed(share < 0.1 ? 2 : 1)}%`);

// https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto: the notes of a scan.
const scanNotes = new Map([
  ['OS_UNAVAILABLE', 'No distribution was recognised in the image, so its system packages could not be judged.'],
  ['PARTIAL_SCAN_DATA', 'Something in the image could not be read or not be judged. What is listed is so; what is missing may be there all the same.'],
  ['OS_CVES_UNAVAILABLE', 'There are no advisories about this distribution. Its packages are listed, and none of them was judged.'],
  ['OS_CVES_STALE', 'This distribution is no longer maintained. Newer vulnerabilities are not recorded for it, and nothing will be fixed.'],
  ['LANGUAGE_CVES_UNAVAILABLE', 'There are no advisories about some of the languages whose packages are in the image.'],
  ['CERTIFIED_RHEL_SCAN_UNAVAILABLE', 'The advisories of Red Hat that this image needs are not there.'],
]);

/** A note of a scan as a sentence. @param {string} note */
export const scanNoteOf = note => scanNotes.get(note) ?? note;

const oldDays = 30;
const dayMilliseconds = 86_400_000;
const newestAtAll = /^imagescan [^,]*, advisories up to (\d{4}-\d{2}-\d{2})/;

// The name is the image's own and may say anything; the date is the last one.
const newestForDistribution = /, for (.+) up to (\d{4}-\d{2}-\d{2}) \(\d+ days? old\)(?:, snapshot \w*)?$/s;

/**
 * Why the advisories of a scan are not to be relied on, in a title and a sentence; null if nothing speaks against them. What
 * cannot be read speaks against them.
 * @param {string} scannerVersion as the app writes it: ScannerVersion.cs
 * @param {number} now
 * @returns {{ title: string, text: string } | null}
 */
export function doubtsAbout(scannerVersion, now) {
  if (/^imagescan [^,]*, no advisories/.test(scannerVersion)) {
    return { title: 'No advisories were asked', text: 'The packages are listed, and none of them was judged.' };
  }

  if (/^imagescan [^,]*, starter set of advisories/.test(scannerVersion)) {
    return {
      title: 'These advisories are old',
      text: 'The app has only the small set that it came with, so most of what is known today is missing. '
        + 'Its operator can have it fetch the vendors’ advisories (docs/advisories.md).',
    };
  }

  const newest = dateOf(newestAtAll.exec(scannerVersion)?.[1]);
  const [, distribution, day] = newestForDistribution.exec(scannerVersion) ?? [];
  const newestForIt = distribution === undefined ? newest : dateOf(day);
  if (Number.isNaN(newest.getTime()) || Number.isNaN(newestForIt.getTime())) {
    return { title: 'How old these advisories are is not known', text: 'What the scan says of its advisories cannot be read, so newer ones may be missing.' };
  }

  const isOld = (/** @type {Date} */ date) => now - date.getTime() > oldDays * dayMilliseconds;
  return isOld(newest)
    ? { title: 'These advisories are old', text: `The newest is of ${dayOf(newest)}. What became known since then is not in this result.` }
    : isOld(newestForIt)
    ? {
      title: `The advisories for ${distribution} are old`,
      text: `The newest of them is of ${dayOf(newestForIt)}. What became known since then of its packages is not in this result.`,
    }
    : null;
}

/** @param {string | undefined} text */
const dateOf = text => new Date(text ?? Number.NaN);

// Decisions not to look at a vulnerability: asked for, decided, taken back (docs/suppression.md).

import { get, inPath, send, withQuery } from './api.js';

/** @typedef {import('./api-types').VulnerabilityException} VulnerabilityException */
/** @typedef {import('./api-types').ImageName} ImageName */
/** @typedef {'deferral' | 'false-positive' | 'snooze'} SuppressionKind */
/** @typedef {'tag' | 'repository' | 'everywhere'} SuppressionScope */

/**
 * What somebody wants to be suppressed.
 * @typedef {object} Suppression
 * @property {string} cve
 * @property {SuppressionKind} kind
 * @property {SuppressionScope} scope
 * @property {number} days 0 for ever
 * @property {string} comment
 */

const secondsOfDay = 86_400;
const anything = '.*';

// The API's largest page: ListExceptionsRequest.cs.
const pageSize = 100;

/** So many exceptions are looked through for those of an image. */
export const mostRead = 2_000;

/** @param {Suppression} suppression of which only the CVE and the days count */
export const snooze = ({ cve, days }) =>
  send('v1/imagecves/suppress', { method: 'PATCH', body: { cves: [cve], duration: `${days * secondsOfDay}s` } });

/**
 * Asks for an exception; it acts once it is approved.
 * @param {Suppression} suppression
 * @param {ImageName | null} image
 * @returns {Promise<string>} its id
 */
export async function ask({ cve, kind, scope, days, comment }, image) {
  const expiresOn = new Date(Date.now() + (days * secondsOfDay * 1000)).toISOString();
  const { exception } = await get(`v2/vulnerability-exceptions/${kind}`, {
    method: 'POST',
    body: {
      cves: [cve],
      comment,
      scope: { imageScope: scopeOf(scope, image) },
      ...(kind === 'deferral' ? { exceptionExpiry: days > 0 ? { expiryType: 'TIME', expiresOn } : { expiryType: 'ALL_CVE_FIXABLE' } } : {}),
    },
  });
  return exception.id;
}

/** @param {string} cve */
export const unsnooze = cve => send('v1/imagecves/unsuppress', { method: 'PATCH', body: { cves: [cve] } });

/** @param {string} id @param {'approve' | 'deny'} decision @param {string} comment */
export const decide = (id, decision, comment) =>
  send(`v2/vulnerability-exceptions/${inPath(id)}/${decision}`, { method: 'POST', body: { comment } });

/** @param {string} id */
export const cancel = id => send(`v2/vulnerability-exceptions/${inPath(id)}/cancel`, { method: 'POST' });

/**
 * The exceptions that may be about an image, newest first.
 * @param {ImageName | null} image
 * @returns {Promise<{ exceptions: VulnerabilityException[], isWhole: boolean }>} not whole if only the newest {@link mostRead} of all were read
 */
export async function exceptionsFor(image) {
  /** By id: one that is changed meanwhile comes on two pages. @type {Map<string, VulnerabilityException>} */
  const found = new Map();
  for (let offset = 0; offset < mostRead; offset += pageSize) {
    const { exceptions } = /** @type {{ exceptions: VulnerabilityException[] }} */ (await get(withQuery('v2/vulnerability-exceptions', {
      'pagination.sortOption.field': 'Last Updated', 'pagination.sortOption.reversed': true, 'pagination.offset': offset, 'pagination.limit': pageSize,
    })));
    exceptions.filter(({ scope }) => scope?.imageScope && covers(scope.imageScope, image)).forEach(exception => found.set(exception.id, exception));
    if (exceptions.length < pageSize) {
      return { exceptions: [...found.values()], isWhole: true };
    }
  }

  return { exceptions: [...found.values()], isWhole: false };
}

/** @param {SuppressionScope} scope @param {ImageName | null} image */
function scopeOf(scope, image) {
  return scope === 'everywhere' || !image ? { registry: anything, remote: anything, tag: anything }
    : { registry: image.registry, remote: image.remote, tag: scope === 'tag' ? image.tag : anything };
}

/** @param {{ registry: string, remote: string, tag: string }} scope @param {ImageName | null} image */
const covers = (scope, image) => image !== null
  && (scope.registry === anything || scope.registry === image.registry)
  && (scope.remote === anything || scope.remote === image.remote)
  && (scope.tag === anything || scope.tag === image.tag);

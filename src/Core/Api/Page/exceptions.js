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

/**
 * Snoozes, or asks for an exception and, for who may decide, approves it.
 * @param {Suppression} suppression
 * @param {ImageName | null} image
 * @param {boolean} mayApprove
 * @returns {Promise<'acts' | 'asked'>} whether it acts, or somebody else is to decide
 */
export async function suppress({ cve, kind, scope, days, comment }, image, mayApprove) {
  if (kind === 'snooze') {
    await send('v1/imagecves/suppress', { method: 'PATCH', body: { cves: [cve], duration: `${days * secondsOfDay}s` } });
    return 'acts';
  }

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
  if (!mayApprove) {
    return 'asked';
  }

  await decide(exception.id, 'approve', 'Approved by who asked for it');
  return 'acts';
}

/** @param {string} cve */
export const unsnooze = cve => send('v1/imagecves/unsuppress', { method: 'PATCH', body: { cves: [cve] } });

/** @param {string} id @param {'approve' | 'deny'} decision @param {string} comment */
export const decide = (id, decision, comment) =>
  send(`v2/vulnerability-exceptions/${inPath(id)}/${decision}`, { method: 'POST', body: { comment } });

/** @param {string} id */
export const cancel = id => send(`v2/vulnerability-exceptions/${inPath(id)}/cancel`, { method: 'POST' });

/**
 * The exceptions that may be about an image, newest first: a hundred at most, since the API gives no more.
 * @param {ImageName | null} image
 * @returns {Promise<VulnerabilityException[]>}
 */
export async function exceptionsFor(image) {
  const { exceptions } = await get(withQuery('v2/vulnerability-exceptions', {
    'pagination.sortOption.field': 'Last Updated', 'pagination.sortOption.reversed': true,
  }));
  return /** @type {VulnerabilityException[]} */ (exceptions).filter(({ scope }) => scope?.imageScope && covers(scope.imageScope, image));
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

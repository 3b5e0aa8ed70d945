// Stored images. What the answer of a scan brought is shown without being asked for again, once.

import { get, inPath, withQuery } from './api.js';

/** @typedef {import('./api-types').Image} Image */

/** @type {Image | undefined} */
let last;

/** @param {Image} image */
export function rememberImage(image) {
  last = image;
}

/**
 * The image with all its findings, those included that somebody has decided about.
 * @param {string} id
 * @param {string} name by which it is meant, since what is decided goes by names; '' for the first of its names
 * @param {AbortSignal} signal
 * @returns {Promise<Image>}
 */
export async function imageOf(id, name, signal) {
  const kept = last;
  last = undefined;
  return kept?.id === id && kept.name?.fullName === name ? kept : get(withQuery(`v1/images/${inPath(id)}`, { name, includeSnoozed: true }), { signal });
}

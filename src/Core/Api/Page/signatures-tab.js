// Who signed the image, and whose word that is.

import { certificateNames } from './certificate-names.js';
import { el, timeOf } from './dom.js';
import { agoOf, shortDigest } from './words.js';

/** @typedef {import('./api-types').Image} Image */
/** @typedef {import('./api-types').CosignSignature} CosignSignature */

// https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto: ImageSignatureVerificationResult.Status
const statuses = new Map([
  ['VERIFIED', ['good', 'Verified']],
  ['FAILED_VERIFICATION', ['bad', 'Not verified']],
  ['INVALID_SIGNATURE_ALGO', ['bad', 'The algorithm is not supported']],
  ['CORRUPTED_SIGNATURE', ['bad', 'No signature can be read']],
  ['GENERIC_ERROR', ['warn', 'Could not be verified']],
]);

/** @param {Image} image */
export function signaturesTab(image) {
  const results = image.signatureVerificationData?.results ?? [];
  const signatures = image.signature?.signatures ?? [];
  const isVerified = results.some(({ status }) => status === 'VERIFIED');
  return el('div', { class: 'signatures' },
    results.length === 0 && el('p', {}, signatures.length > 0
      ? 'The image is signed, and nobody’s signatures are trusted yet: there is no signature integration that could verify it.'
      : 'No signature is known. They are looked for once there is a signature integration, with the next scan.'),
    results.map(result => {
      const [kind, word] = statuses.get(result.status) ?? ['warn', result.status];
      return el('section', { class: `notice ${kind}` },
        el('h2', {}, `${word} by ${result.verifierName || result.verifierId}`),
        result.description && el('p', { class: 'said' }, result.description),
        result.verifiedImageReferences.length > 0 && el('p', {}, 'Holds for ', result.verifiedImageReferences.map(name => el('code', {}, `${name} `))),
        el('p', { class: 'faint' }, 'Looked at ', timeOf(result.verificationTime, agoOf)));
    }),
    signatures.length > 0 && el('h2', {}, signatures.length === 1 ? 'The signature' : `The ${signatures.length} signatures`),
    signatures.map(({ cosign }) => cosign && signatureBox(cosign, isVerified)));
}

// What a certificate says is its maker's word alone until an integration has verified a signature: anybody can make one with any name.
/** @param {CosignSignature} signature @param {boolean} isVerified whether any is */
function signatureBox(signature, isVerified) {
  const payload = payloadOf(signature.signaturePayload);
  const names = certificateNames(plain(signature.certPem));
  const doubt = !isVerified && el('span', { class: 'badge' }, 'not verified');
  return el('section', { class: 'card' }, el('dl', { class: 'facts' },
    signature.certPem ? [el('dt', {}, 'Its certificate names'), el('dd', {}, names.subjects.join(', ') || 'nobody', ' ', doubt)]
      : [el('dt', {}, 'Made with'), el('dd', {}, 'a key ', doubt)],
    names.issuer && [el('dt', {}, 'It names as issuer'), el('dd', {}, names.issuer, ' ', doubt && doubt.cloneNode(true))],
    payload.repository && [el('dt', {}, 'Repository'), el('dd', {}, el('code', {}, payload.repository))],
    payload.digest && [el('dt', {}, 'Digest'), el('dd', {}, el('code', { title: payload.digest }, shortDigest(payload.digest)))],
    el('dt', {}, 'Transparency log'), el('dd', {}, signature.rekorBundle || signature.sigstoreBundle ? 'the signature brings an entry' : 'no entry')));
}

// https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#simple-signing
/** @param {string | null} base64 */
function payloadOf(base64) {
  try {
    const { critical } = JSON.parse(plain(base64));
    return { repository: String(critical.identity['docker-reference'] ?? ''), digest: String(critical.image['docker-manifest-digest'] ?? '') };
  } catch {
    return { repository: '', digest: '' };
  }
}

/** @param {string | null} base64 */
function plain(base64) {
  try {
    return atob(base64 ?? '');
  } catch {
    return '';
  }
}

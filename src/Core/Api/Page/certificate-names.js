// Whose certificate it is: the few fields of X.509 that name somebody. It is only shown, never trusted; verifying is done by the app.

// DER of 2.5.29.17, subjectAltName: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
const alternativeName = '\x06\x03\x55\x1d\x11';

// DER of 1.3.6.1.4.1.57264.1.1 and .8: who vouched for the name, https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
const issuers = ['\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x08', '\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x01'];

const octets = 0x04;
const utf8Text = 0x0c;
const mailName = 0x81;
const addressName = 0x86;
const maxNames = 10;

/**
 * @param {string} pem
 * @returns {{ subjects: string[], issuer: string }} empty where it says nothing, or is no certificate
 */
export function certificateNames(pem) {
  const der = derOf(pem);
  return { subjects: subjectsOf(der), issuer: issuers.map(oid => issuerOf(der, oid)).find(issuer => issuer !== '') ?? '' };
}

/** @param {string} pem one byte a character, as everything here */
function derOf(pem) {
  try {
    return atob(/-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem)?.[1].replace(/\s/g, '') ?? '');
  } catch {
    return '';
  }
}

/** @param {string} der */
function subjectsOf(der) {
  const names = elementAt(extensionOf(der, alternativeName), 0)?.content ?? '';
  const subjects = [];
  for (let name = elementAt(names, 0); name && subjects.length < maxNames; name = elementAt(names, name.end)) {
    if (name.tag === mailName || name.tag === addressName) {
      subjects.push(textOf(name.content));
    }
  }

  return subjects;
}

/** @param {string} der @param {string} oid */
function issuerOf(der, oid) {
  const value = extensionOf(der, oid);
  // The older of the two fields is the bare text.
  const inner = elementAt(value, 0);
  return textOf(inner?.tag === utf8Text && inner.end === value.length ? inner.content : value);
}

/** The value of an extension, without the critical flag that may stand before it. @param {string} der @param {string} oid */
function extensionOf(der, oid) {
  const place = der.indexOf(oid);
  const first = place < 0 ? null : elementAt(der, place + oid.length);
  const value = first && first.tag !== octets ? elementAt(der, first.end) : first;
  return value?.tag === octets ? value.content : '';
}

/** @param {string} der @param {number} place */
function elementAt(der, place) {
  const tag = der.charCodeAt(place);
  let length = der.charCodeAt(place + 1);
  let begin = place + 2;
  if (length >= 0x80) {
    const bytes = length & 0x7f;
    length = 0;
    for (let at = 0; at < Math.min(bytes, 4); at++) {
      length = (length * 256) + der.charCodeAt(begin + at);
    }

    begin += bytes;
  }

  return Number.isNaN(tag) || Number.isNaN(length) || begin + length > der.length
    ? null
    : { tag, content: der.slice(begin, begin + length), end: begin + length };
}

/** @param {string} bytes */
const textOf = bytes => new TextDecoder().decode(Uint8Array.from(bytes, byte => byte.charCodeAt(0)));

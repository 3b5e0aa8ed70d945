// Whose certificate it is, and that spoilt ones name nobody.

import assert from 'node:assert/strict';
import test from 'node:test';
import { certificateNames } from '../../../src/Core/Api/Page/certificate-names.js';

const subject = 'https://github.com/acme/api/.github/workflows/release.yml@refs/heads/main';

const tagged = (tag, ...parts) => {
  const content = parts.join('');
  return String.fromCharCode(tag, ...(content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff])) + content;
};
const extension = (oid, value, ...flag) => tagged(0x30, oid, ...flag, tagged(0x04, value));
const critical = '\x01\x01\xff';
const pemOf = der => `-----BEGIN CERTIFICATE-----\n${btoa(der).replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

const names = extension('\x06\x03\x55\x1d\x11', tagged(0x30, tagged(0x86, subject), tagged(0x81, 'a@example.com'), tagged(0x82, 'dns')), critical);
const older = extension('\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x01', 'https://older.example');
const newer = extension('\x06\x0a\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x08', tagged(0x0c, 'https://newer.example'));

test('addresses and mail names are those of whom it is', () => {
  assert.deepEqual(certificateNames(pemOf(names)), { subjects: [subject, 'a@example.com'], issuer: '' });
});

test('the newer field of the issuer counts before the older', () => {
  assert.equal(certificateNames(pemOf(names + older)).issuer, 'https://older.example');
  assert.equal(certificateNames(pemOf(names + older + newer)).issuer, 'https://newer.example');
});

test('a certificate that is cut anywhere names nobody wrong, and throws nothing', () => {
  for (let length = 0; length < names.length; length++) {
    const { subjects } = certificateNames(pemOf(names.slice(0, length)));

    assert.ok(subjects.every(name => name === subject || name === 'a@example.com'));
  }
});

for (const pem of ['', 'x', '-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----']) {
  test(`no names in ${JSON.stringify(pem)}`, () => assert.deepEqual(certificateNames(pem), { subjects: [], issuer: '' }));
}

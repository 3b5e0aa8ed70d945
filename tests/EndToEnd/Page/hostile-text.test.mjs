// What is done to texts of others before they are shown or asked with.

import assert from 'node:assert/strict';
import test from 'node:test';
import { isWebAddress, plain } from '../../../src/Core/Api/Page/dom.js';
import { queryOf } from '../../../src/Core/Api/Page/image-query.js';

for (const address of ['javascript:alert(1)', ' javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.example', '', 'x']) {
  test(`"${address}" is no address to go to`, () => assert.equal(isWebAddress(address), false));
}

test('addresses of http and https are', () => assert.ok(isWebAddress('https://nvd.nist.gov/x') && isWebAddress('http://example.com')));

test('marks that cannot be seen, or turn what follows, are shown', () => {
  assert.equal(plain('a\u202egpj.exe\u0000\u2066\u200f'), 'a\ufffdgpj.exe\ufffd\ufffd\ufffd');
  assert.equal(plain('zeile\n\tzwei – ü 漢 שלום'), 'zeile\n\tzwei – ü 漢 שלום');
});

test('a part of a name is asked for as a pattern that means itself', () => {
  assert.equal(queryOf('shop/api:1.4'), 'Image:r/shop/api:1\\.4');
  assert.equal(queryOf('a+b,"c"(d'), 'Image:r/a.b..c.\\(d');
  assert.equal(queryOf(''), '');
});

test('a query of fields is asked as it is', () => assert.equal(queryOf('Severity:>=IMPORTANT+Fixable:true'), 'Severity:>=IMPORTANT+Fixable:true'));

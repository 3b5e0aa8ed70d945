// Exceptions, as the API is asked for them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { jsonOf } from '../../../src/Core/Api/Page/api.js';
import { ask, exceptionsFor, mostRead } from '../../../src/Core/Api/Page/exceptions.js';

const shop = { registry: 'r.example', remote: 'shop', tag: '1', fullName: 'r.example/shop:1' };
const exceptionOf = (id, remote) => ({ id: `${id}`, scope: { imageScope: { registry: 'r.example', remote, tag: '.*' } } });

/** Answers what is asked by this, and keeps what was asked. */
function answering(answerOf) {
  const asked = [];
  globalThis.sessionStorage = { getItem: () => null };
  globalThis.fetch = async (path, { method, body }) => {
    const address = new URL(path, 'http://app.example/');
    asked.push({ method, path: address.pathname, body: body && JSON.parse(body) });
    return Response.json(answerOf(address.searchParams));
  };
  return asked;
}

/** So many exceptions, of which only the last is about the shop. */
const pagesOf = total => parameters => {
  const [offset, limit] = ['offset', 'limit'].map(name => Number(parameters.get(`pagination.${name}`)));
  const ids = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => offset + at);
  return { exceptions: ids.map(id => exceptionOf(id, id === total - 1 ? 'shop' : 'x')) };
};

test('an exception is found also behind the first hundred', async () => {
  const asked = answering(pagesOf(250));

  const { exceptions, isWhole } = await exceptionsFor(shop);

  assert.deepEqual([exceptions.map(({ id }) => id), isWhole, asked.length], [['249'], true, 3]);
});

test('of no end of exceptions the newest are looked through, and that is said', async () => {
  const asked = answering(pagesOf(1_000_000));

  assert.deepEqual([await exceptionsFor(shop), asked.length], [{ exceptions: [], isWhole: false }, mostRead / 100]);
});

test('one that moves to the next page while they are read is there once', async () => {
  answering(parameters => ({ exceptions: Array.from({ length: parameters.get('pagination.offset') === '0' ? 100 : 1 }, () => exceptionOf('same', 'shop')) }));

  assert.equal((await exceptionsFor(shop)).exceptions.length, 1);
});

test('asking for an exception makes one, and approves nothing', async () => {
  const asked = answering(() => ({ exception: { id: 'made' } }));

  assert.equal(await ask({ cve: 'CVE-2024-1', kind: 'false-positive', scope: 'tag', days: 30, comment: 'c' }, shop), 'made');
  assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`), ['POST /v2/vulnerability-exceptions/false-positive']);
  assert.deepEqual(asked[0].body.scope.imageScope, { registry: 'r.example', remote: 'shop', tag: '1' });
});

test('an answer that breaks off is as good as none', () => assert.rejects(jsonOf(new Response('{"state":')), { status: 0 }));

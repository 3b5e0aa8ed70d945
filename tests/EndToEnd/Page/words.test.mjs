// Words, vectors and addresses.

import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, specificationOf } from '../../../src/Core/Api/Page/cvss-words.js';
import { changed, hashOf, routeOf } from '../../../src/Core/Api/Page/router.js';
import { agoOf, bytesOf, doubtsAbout, percentOf, severityAt, severityOf, shortDigest } from '../../../src/Core/Api/Page/words.js';

test('a vector of version 3 is explained metric by metric', () => {
  const metrics = explain('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:L/A:N');

  assert.equal(metrics.length, 8);
  assert.deepEqual(metrics[0], { name: 'Attack vector', value: 'N', means: 'over a network, from anywhere' });
  assert.deepEqual(metrics[7], { name: 'Availability', value: 'N', means: 'no availability is lost' });
});

test('a vector of version 2 has its own words', () => {
  const metrics = explain('AV:N/AC:M/Au:S/C:P/I:C/A:N');

  assert.deepEqual(metrics[2], { name: 'Authentication', value: 'S', means: 'once' });
  assert.equal(metrics[5].means, 'no availability is lost');
  assert.match(specificationOf('AV:N/AC:M/Au:S/C:P/I:C/A:N'), /v2/);
});

for (const vector of ['', 'CVSS:4.0/AV:N/AC:L', 'nonsense', 'CVSS:9']) {
  test(`no metrics of "${vector}"`, () => assert.deepEqual(explain(vector), []));
}

test('metrics that are not known keep their letters, also those that are names of every object', () => {
  const metrics = explain('CVSS:3.1/AV:Q/constructor:toString/X');

  assert.deepEqual(metrics.map(({ name, means }) => [name, means]), [['Attack vector', 'Q'], ['constructor', 'toString'], ['X', '']]);
});

test('a vector that is no end of metrics is cut', () => assert.equal(explain(`CVSS:3.1/${'AV:N/'.repeat(10_000)}`).length, 40));

test('severities go there and back', () => {
  for (const rank of [0, 1, 2, 3, 4]) {
    assert.equal(severityOf(severityAt(rank).wire).rank, rank);
  }

  assert.equal(severityOf('NEW').key, 'unknown');
});

test('sizes have two digits', () => {
  assert.deepEqual([0, 627, 1_000, 43_900_000, 999_600, 5_000_000_000].map(bytesOf), ['0 B', '627 B', '1.0 kB', '44 MB', '1.0 MB', '5.0 GB']);
});

test('small probabilities still differ', () => {
  assert.deepEqual([0, 0.00001, 0.0123, 0.5].map(percentOf), ['0.00%', '<0.01%', '1.23%', '50.0%']);
});

test('a digest is cut, another text is not', () => {
  assert.equal(shortDigest(`sha256:${'a'.repeat(64)}`), 'sha256:aaaaaaaaaaaa…');
  assert.equal(shortDigest('x'), 'x');
});

test('times are told from now', () => {
  assert.equal(agoOf(new Date(Date.now() - 3 * 86_400_000)), '3 days ago');
  assert.equal(agoOf(new Date(Date.now() - 1_000)), 'just now');
});

test('a hash is a view, and back', () => {
  const hash = '#/image/sha256:ab?tab=layers&q=a+b';
  const route = routeOf(hash);

  assert.deepEqual([route.view, route.id, route.parameters.get('q')], ['image', 'sha256:ab', 'a b']);
  assert.equal(hashOf(route), hash);
  assert.equal(hashOf(changed(route, { tab: '', q: '' })), '#/image/sha256:ab');
});

for (const hash of ['', '#', '#/', '#/image', '#/image/', '#/<script>/x', '#main']) {
  test(`"${hash}" is home`, () => assert.equal(routeOf(hash).view, 'home'));
}

test('an id that is no good percent code stays as it is', () => assert.equal(routeOf('#/image/%zz').id, '%zz'));

test('old advisories, the starter set and none at all are doubtful', () => {
  const now = Date.UTC(2026, 10, 26);
  const titleOf = version => doubtsAbout(version, now)?.title;

  assert.equal(titleOf('imagescan 0.1.0, advisories up to 2026-11-20 (1 day old), snapshot 5b'), undefined);
  assert.equal(titleOf('imagescan 0.1.0, advisories up to 2026-03-01 (1 day old), snapshot 5b'), 'These advisories are old');
  assert.equal(titleOf('imagescan 0.1.0, starter set of advisories up to 2026-11-20 (1 day old)'), 'These advisories are old');
  assert.equal(titleOf('imagescan 0.1.0, no advisories'), 'No advisories were asked');
});

test('advisories that are new as a whole and old for the distribution are doubtful', () => {
  const now = Date.UTC(2026, 10, 26);
  const doubtsOf = distribution => doubtsAbout(`imagescan 0.1.0, advisories up to 2026-11-20 (1 day old), for ${distribution}, snapshot 5b`, now);

  assert.equal(doubtsOf('debian:12 up to 2026-11-19 (2 days old)'), null);
  assert.equal(doubtsOf('debian:11 up to 2023-03-29 (1338 days old)').title, 'The advisories for debian:11 are old');
  assert.match(doubtsOf('debian:11 up to 2023-03-29 (1338 days old)').text, /29 Mar 2023/);
  // A distribution that calls itself new is not.
  assert.match(doubtsOf('x up to 2026-11-19 (2 days old), snapshot 5b, for y up to 2023-03-29 (1338 days old)').title, / are old$/);
});

for (const text of ['', 'imagescan 0.1.0', 'imagescan 0.1.0, advisories up to 2026-13-45 (1 day old)', 'another 1, advisories up to 2026-11-20']) {
  test(`"${text}" tells of no age, so it is doubtful`, () => {
    assert.equal(doubtsAbout(text, Date.UTC(2026, 10, 26)).title, 'How old these advisories are is not known');
  });
}

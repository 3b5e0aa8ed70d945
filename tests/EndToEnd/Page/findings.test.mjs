// The findings of an image: how they are told apart, filtered and counted.

import assert from 'node:assert/strict';
import test from 'node:test';
import { countBySeverity, everyOpenFinding, find, findingsOf, orderOf, stateOf } from '../../../src/Core/Api/Page/findings.js';

const vulnerability = changes => ({
  cve: 'CVE-2024-1', cvss: 0, summary: '', severity: 'LOW_VULNERABILITY_SEVERITY', state: 'OBSERVED', suppressed: false, ...changes,
});

const image = {
  metadata: { v1: { layers: [{ instruction: 'ADD', value: 'root', empty: false }, { instruction: 'RUN', value: 'npm ci', empty: false }] } },
  scan: {
    components: [
      { name: 'openssl', version: '3.0.1', source: 'OS', location: '', layerIndex: 0, vulns: [
        vulnerability({ cve: 'CVE-2024-3094', severity: 'CRITICAL_VULNERABILITY_SEVERITY', fixedBy: '3.0.2', cisaKev: true, epss: { epssProbability: 0.5 } }),
        vulnerability({ cve: 'CVE-2024-311', summary: 'Heap overflow', suppressed: true, state: 'DEFERRED' }),
      ] },
      { name: 'lodash', version: '4.17.20', source: 'NODEJS', location: '', layerIndex: 1, vulns: [vulnerability({ fixedBy: '4.17.21' })] },
      { name: 'ghost', version: '1', source: 'INFRASTRUCTURE', location: 'cargo:usr/bin/x', vulns: [vulnerability({ severity: 'SOMETHING_NEW' })] },
    ],
  },
};

const names = filter => find(findingsOf(image), { ...everyOpenFinding, ...filter }).map(place => findingsOf(image)[place].cve);

test('a finding knows its layer, its instruction and its ecosystem', () => {
  const [first, , , last] = findingsOf(image);

  assert.deepEqual([first.layer, first.instruction, first.source, first.epss], [0, 'ADD root', 'System', 0.5]);
  assert.deepEqual([last.layer, last.instruction, last.source, last.severity, last.epss], [-1, '', 'cargo', 0, -1]);
});

test('an image without a scan has no findings', () => assert.deepEqual(findingsOf({ scan: null, metadata: null }), []));

test('what is suppressed is not open', () => {
  assert.deepEqual(names({}), ['CVE-2024-3094', 'CVE-2024-1', 'CVE-2024-1']);
  assert.deepEqual(names({ state: 'suppressed' }), ['CVE-2024-311']);
  assert.equal(names({ state: 'all' }).length, 4);
});

test('filters narrow together', () => {
  assert.deepEqual(names({ severities: new Set(['critical', 'unknown']) }), ['CVE-2024-3094', 'CVE-2024-1']);
  assert.deepEqual(names({ severities: new Set(['critical']), fixable: 'no' }), []);
  assert.deepEqual(names({ exploited: true }), ['CVE-2024-3094']);
  assert.deepEqual(names({ layer: 1 }), ['CVE-2024-1']);
  assert.deepEqual(names({ text: 'OPENSSL 3094' }), ['CVE-2024-3094']);
  assert.deepEqual(names({ text: 'heap', state: 'all' }), ['CVE-2024-311']);
});

test('the states are those of docs/suppression.md', () => {
  assert.equal(stateOf(vulnerability({ suppressed: true, state: 'DEFERRED' })), 'snoozed');
  assert.equal(stateOf(vulnerability({ state: 'DEFERRED' })), 'deferred');
  assert.equal(stateOf(vulnerability({ suppressed: true, state: 'FALSE_POSITIVE' })), 'false-positive');
  assert.equal(stateOf(vulnerability({ suppressed: true, state: 'OBSERVED' })), 'snoozed');
});

test('numbers of CVEs are ordered as numbers', () => {
  const [first, second] = findingsOf(image);

  assert.ok(second.cveOrder < first.cveOrder, 'CVE-2024-311 comes before CVE-2024-3094');
});

test('versions are ordered by their numbers', () => {
  assert.deepEqual(['1.10', '1.9', '1.9.1', '20230311120000', '3.0.2'].sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1)),
    ['1.9', '1.9.1', '1.10', '3.0.2', '20230311120000']);
});

test('counts say how many have a fix', () => {
  const counts = countBySeverity(findingsOf(image));

  assert.deepEqual(counts[4], { all: 1, fixable: 1 });
  assert.deepEqual(counts[1], { all: 2, fixable: 1 });
  assert.deepEqual(counts[0], { all: 1, fixable: 0 });
});

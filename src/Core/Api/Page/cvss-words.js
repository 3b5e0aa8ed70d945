// CVSS vectors, metric by metric, in words.

/** @typedef {{ name: string, values: Record<string, string> }} Metric */
/** @typedef {{ name: string, value: string, means: string }} ExplainedMetric */

const impact3 = (/** @type {string} */ what) => ({ H: `${what} is lost altogether`, L: `some ${what} is lost`, N: `no ${what} is lost` });

// https://www.first.org/cvss/v3-1/specification-document#Base-Metrics, and of 3.0, whose base metrics have the same names and values.
/** @type {Record<string, Metric>} */
const version3 = {
  AV: {
    name: 'Attack vector',
    values: {
      N: 'over a network, from anywhere',
      A: 'from the same network segment, or within radio range',
      L: 'by somebody with access to the machine, or who has a user open something',
      P: 'by touching the device',
    },
  },
  AC: { name: 'Attack complexity', values: { L: 'works whenever it is tried', H: 'depends on conditions that the attacker does not control' } },
  PR: { name: 'Privileges required', values: { N: 'none', L: 'those of a plain user', H: 'those of an administrator' } },
  UI: { name: 'User interaction', values: { N: 'nobody else need do anything', R: 'somebody must be brought to do something' } },
  S: { name: 'Scope', values: { U: 'stays within what is vulnerable', C: 'reaches beyond what is vulnerable' } },
  C: { name: 'Confidentiality', values: impact3('confidentiality') },
  I: { name: 'Integrity', values: impact3('integrity') },
  A: { name: 'Availability', values: impact3('availability') },
  // https://www.first.org/cvss/v3-1/specification-document#Temporal-Metrics
  E: {
    name: 'Exploit code',
    values: { X: 'not said', H: 'works everywhere, or none is needed', F: 'works in most cases', P: 'proof of concept', U: 'none is known' },
  },
  RL: { name: 'Remediation', values: { X: 'not said', U: 'none', W: 'a workaround', T: 'a temporary fix', O: 'an official fix' } },
  RC: { name: 'Report confidence', values: { X: 'not said', C: 'confirmed', R: 'reasonable', U: 'unknown' } },
};

const impact2 = (/** @type {string} */ what) => ({ C: `${what} is lost altogether`, P: `some ${what} is lost`, N: `no ${what} is lost` });

// https://www.first.org/cvss/v2/guide#2-1-Base-Metrics
/** @type {Record<string, Metric>} */
const version2 = {
  AV: {
    name: 'Access vector',
    values: { N: 'over a network, from anywhere', A: 'from the same network segment', L: 'by somebody with access to the machine' },
  },
  AC: {
    name: 'Access complexity',
    values: { L: 'works whenever it is tried', M: 'needs somewhat special conditions', H: 'needs conditions that are rarely met' },
  },
  Au: { name: 'Authentication', values: { N: 'none', S: 'once', M: 'twice or more' } },
  C: { name: 'Confidentiality', values: impact2('confidentiality') },
  I: { name: 'Integrity', values: impact2('integrity') },
  A: { name: 'Availability', values: impact2('availability') },
  // https://www.first.org/cvss/v2/guide#2-2-Temporal-Metrics
  E: {
    name: 'Exploit code',
    values: { ND: 'not said', H: 'works everywhere, or none is needed', F: 'works in most cases', POC: 'proof of concept', U: 'none is known' },
  },
  RL: { name: 'Remediation', values: { ND: 'not said', U: 'none', W: 'a workaround', TF: 'a temporary fix', OF: 'an official fix' } },
  RC: { name: 'Report confidence', values: { ND: 'not said', C: 'confirmed', UR: 'uncorroborated', UC: 'unconfirmed' } },
};

const prefix3 = /^CVSS:3\.[01]\//;

// More metrics than any version has; a vector comes from outside.
const maxMetrics = 40;

/**
 * The metrics of a vector of version 2 or 3; empty if it is neither. What is not known to the version keeps its own letters.
 * @param {string} vector
 * @returns {ExplainedMetric[]}
 */
export function explain(vector) {
  const isThird = prefix3.test(vector);
  if (!isThird && (vector.startsWith('CVSS:') || !vector.includes('Au:'))) {
    return [];
  }

  const known = isThird ? version3 : version2;
  return vector.replace(prefix3, '').replace(/^\((.*)\)$/, '$1').split('/').slice(0, maxMetrics).map(part => {
    const [letters, value = ''] = part.split(':');
    const metric = Object.hasOwn(known, letters) ? known[letters] : undefined;
    return {
      name: metric?.name ?? letters,
      value,
      means: metric !== undefined && Object.hasOwn(metric.values, value) ? metric.values[value] : value,
    };
  });
}

/** Where FIRST explains the vector. @param {string} vector */
export const specificationOf = vector => (prefix3.test(vector)
  ? 'https://www.first.org/cvss/v3-1/specification-document'
  : 'https://www.first.org/cvss/v2/guide');

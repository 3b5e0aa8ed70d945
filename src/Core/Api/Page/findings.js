// The findings of an image as a flat list, and which of them are to be seen in which order. No DOM: tests run it under Node.

import { severityOf, sourceOf } from './words.js';

/** @typedef {import('./api-types').Image} Image */
/** @typedef {import('./api-types').Component} Component */
/** @typedef {import('./api-types').Vulnerability} Vulnerability */
/** @typedef {'open' | 'snoozed' | 'deferred' | 'false-positive'} FindingState */

/**
 * One vulnerability in one package.
 * @typedef {object} Finding
 * @property {string} cve
 * @property {string} cveOrder the name in a form whose order is that of its numbers
 * @property {number} severity 4 is critical, 0 unknown
 * @property {number} cvss 0 if there is none
 * @property {number} epss −1 if there is none
 * @property {boolean} isExploited whether CISA knows of attacks
 * @property {string} packageName
 * @property {string} version
 * @property {string} fixedBy "" if nothing mends it
 * @property {number} layer its index in the history; −1 if that is not known
 * @property {string} instruction what the Dockerfile says there
 * @property {string} source
 * @property {FindingState} state
 * @property {string} text in small letters: what a search looks through
 * @property {Vulnerability} vulnerability
 * @property {Component} component
 */

/**
 * What is to be seen.
 * @typedef {object} FindingFilter
 * @property {string} text
 * @property {ReadonlySet<string>} severities keys; empty for all
 * @property {'' | 'yes' | 'no'} fixable
 * @property {boolean} exploited only what CISA knows of
 * @property {'open' | 'suppressed' | 'all'} state
 * @property {number} layer −1 for all
 */

/** @type {Readonly<FindingFilter>} */
export const everyOpenFinding = { text: '', severities: new Set(), fixable: '', exploited: false, state: 'open', layer: -1 };

/**
 * All findings of an image, in the order in which it has them.
 * @param {Image} image
 * @returns {Finding[]}
 */
export function findingsOf(image) {
  const steps = image.metadata?.v1?.layers ?? [];
  return (image.scan?.components ?? []).flatMap(component => {
    const layer = component.layerIndex ?? -1;
    const step = steps[layer];
    const instruction = step ? `${step.instruction} ${step.value}`.trim() : '';
    const source = sourceOf(component);
    return component.vulns.map(vulnerability => ({
      cve: vulnerability.cve,
      cveOrder: orderOf(vulnerability.cve),
      severity: severityOf(vulnerability.severity).rank,
      cvss: vulnerability.cvss,
      epss: vulnerability.epss?.epssProbability ?? -1,
      isExploited: vulnerability.cisaKev ?? false,
      packageName: component.name,
      version: component.version,
      fixedBy: vulnerability.fixedBy ?? '',
      layer,
      instruction,
      source,
      state: stateOf(vulnerability),
      text: [vulnerability.cve, component.name, component.version, vulnerability.advisory?.name, source, vulnerability.summary].join('\n').toLowerCase(),
      vulnerability,
      component,
    }));
  });
}

/**
 * Whether a vulnerability is to be dealt with, or somebody has decided that it is not.
 * @param {Vulnerability} vulnerability
 * @returns {FindingState}
 */
export function stateOf(vulnerability) {
  return vulnerability.state === 'FALSE_POSITIVE' ? 'false-positive'
    : vulnerability.suppressed ? 'snoozed'
    : vulnerability.state === 'DEFERRED' ? 'deferred'
    : 'open';
}

/**
 * The places of what the filter lets through.
 * @param {readonly Finding[]} findings
 * @param {FindingFilter} filter
 * @returns {number[]}
 */
export function find(findings, filter) {
  const words = filter.text.toLowerCase().split(/\s+/).filter(word => word !== '');
  const ranks = new Set([...filter.severities].map(key => ['unknown', 'low', 'moderate', 'important', 'critical'].indexOf(key)));
  const found = [];
  for (let place = 0; place < findings.length; place++) {
    const finding = findings[place];
    if ((ranks.size === 0 || ranks.has(finding.severity))
      && (filter.fixable === '' || (filter.fixable === 'yes') === (finding.fixedBy !== ''))
      && (!filter.exploited || finding.isExploited)
      && (filter.state === 'all' || (filter.state === 'open') === (finding.state === 'open'))
      && (filter.layer < 0 || filter.layer === finding.layer)
      && words.every(word => finding.text.includes(word))) {
      found.push(place);
    }
  }

  return found;
}

/**
 * How many findings there are of each severity, and how many of those have a fix; by rank.
 * @param {Iterable<Finding>} findings
 */
export function countBySeverity(findings) {
  const counts = Array.from({ length: 5 }, () => ({ all: 0, fixable: 0 }));
  for (const finding of findings) {
    counts[finding.severity].all++;
    counts[finding.severity].fixable += finding.fixedBy === '' ? 0 : 1;
  }

  return counts;
}

/**
 * A name or version in a form that puts its numbers in order: CVE-2021-23337 comes after CVE-2021-3711, 1.10 after 1.9. Numbers are filled up,
 * also those that are dates with times. Of versions that is how they read; how an ecosystem orders them it does not know.
 * @param {string} name
 */
export const orderOf = name => name.replace(/\d+/g, digits => digits.padStart(16, '0'));

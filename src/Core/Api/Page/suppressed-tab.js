// What somebody has decided about, or is asked to decide about, in this image.

import { button, el, timeOf } from './dom.js';
import { cancel, decide, exceptionsFor, mostRead, unsnooze } from './exceptions.js';
import { failureBox } from './failure.js';
import { severityMark } from './findings-view.js';
import { countOf, dayOf, momentOf, stateWords } from './words.js';

/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./api-types').VulnerabilityException} VulnerabilityException */

const mostListed = 200;

const statuses = new Map([
  ['PENDING', 'waits for a decision'], ['APPROVED', 'in force'], ['DENIED', 'denied'], ['APPROVED_PENDING_UPDATE', 'in force; a change of it waits'],
]);

/**
 * @param {Finding[]} findings those that are not open
 * @param {import('./api-types').ImageName | null} image
 * @param {import('./caller.js').Permissions} may
 * @param {() => void} onchange
 */
export function suppressedTab(findings, image, may, onchange) {
  const problems = el('div', {});
  const exceptions = el('div', {}, el('p', { class: 'status' }, 'Loading …'));
  const groups = [...byCve(findings)];
  void load();
  return el('div', { class: 'suppressed' }, problems,
    el('h2', {}, 'Not shown among the open findings'),
    groups.length === 0 ? el('p', {}, 'Nothing is suppressed in this image.') : el('ul', { class: 'lines' }, groups.slice(0, mostListed).map(line)),
    groups.length > mostListed && el('p', { class: 'faint' },
      `And ${countOf(groups.length - mostListed)} more: the table of vulnerabilities has them all, by the state “suppressed”.`),
    el('h2', {}, 'Who asked, who decided'), exceptions);

  /** @param {[string, [Finding, ...Finding[]]]} group */
  function line([cve, [first, ...others]]) {
    const { vulnerability, severity, state } = first;
    return el('li', {},
      severityMark(severity), el('span', { class: 'cve' }, cve),
      el('span', {}, first.packageName, others.length > 0 && ` and ${others.length} more`),
      el('span', { class: 'badge state' }, stateWords[state]),
      vulnerability.suppressExpiry && el('span', { class: 'faint' }, 'until ', timeOf(vulnerability.suppressExpiry, momentOf)),
      may.mayApprove && vulnerability.suppressed && act('End the snooze', () => unsnooze(cve)));
  }

  async function load() {
    try {
      const { exceptions: all, isWhole } = await exceptionsFor(image);
      exceptions.replaceChildren(
        ...(all.length === 0 && isWhole ? [el('p', {}, 'There is no exception that means this image.')] : all.map(exceptionBox)),
        ...(isWhole ? [] : [el('p', { class: 'faint' }, `Of all exceptions only the newest ${countOf(mostRead)} were looked through.`)]));
    } catch (failure) {
      exceptions.replaceChildren(failureBox(failure, 'The exceptions could not be read', () => void load()));
    }
  }

  /** @param {VulnerabilityException} exception */
  function exceptionBox(exception) {
    const isOpen = !exception.expired && exception.status !== 'DENIED';
    const until = exception.deferralRequest?.expiry;
    return el('section', { class: 'card' },
      el('h3', {}, exception.cves.join(', '), ' ',
        el('span', { class: 'badge state' }, stateWords[exception.targetState === 'FALSE_POSITIVE' ? 'false-positive' : 'deferred']), ' ',
        el('span', { class: 'badge' }, exception.expired ? 'over' : statuses.get(exception.status) ?? exception.status)),
      el('p', {}, `${exception.name}, asked for by ${exception.requester?.name ?? 'nobody'} on `, timeOf(exception.createdAt, dayOf),
        exception.approvers.length > 0 && `, decided by ${exception.approvers.map(({ name }) => name).join(', ')}`,
        until && (until.expiryType === 'TIME' ? (until.expiresOn ? ', until ' : ', for ever') : ', until there is a fix'),
        until?.expiryType === 'TIME' && until.expiresOn && timeOf(until.expiresOn, momentOf)),
      el('ul', { class: 'comments' }, exception.comments.map(({ message, user, createdAt }) => el('li', {},
        el('span', { class: 'said' }, message), el('span', { class: 'faint' }, ` – ${user?.name ?? ''}, `, timeOf(createdAt, momentOf))))),
      el('p', { class: 'line' },
        isOpen && may.mayApprove && exception.status === 'PENDING' && act('Approve', () => decide(exception.id, 'approve', 'Approved on the page')),
        isOpen && may.mayApprove && exception.status === 'PENDING' && act('Deny', () => decide(exception.id, 'deny', 'Denied on the page')),
        isOpen && may.mayRequest && exception.status !== 'PENDING' && act('End it', () => cancel(exception.id))));
  }

  /** @param {string} label @param {() => Promise<unknown>} work */
  function act(label, work) {
    const control = button(label, async () => {
      control.disabled = true;
      try {
        await work();
        onchange();
      } catch (failure) {
        control.disabled = false;
        problems.replaceChildren(failureBox(failure, `${label}: it was not done`));
      }
    }, { class: 'small' });
    return control;
  }
}

/** @param {Finding[]} findings */
const byCve = findings => /** @type {Map<string, [Finding, ...Finding[]]>} */ (Map.groupBy(findings, finding => finding.cve));

// A scan while it works: what it is doing, and how far each layer is.

import { ApiFailure, inPath, jsonOf, send } from './api.js';
import { button, el, plain } from './dom.js';
import { failureBox } from './failure.js';
import { announce } from './live.js';
import { keepLayerSizes } from './session.js';
import { bytesOf, countWord, shortDigest } from './words.js';

/** @typedef {import('./api-types').Job} Job */
/** @typedef {import('./api-types').JobLayer} JobLayer */

const steps = [
  { state: 'QUEUED', word: 'Resolve', says: 'What the name points at is being asked for.' },
  { state: 'READING', word: 'Read layers', says: 'Layers are being read, side by side.' },
  { state: 'JOINING', word: 'Put together', says: 'All layers are read; the image is being put together.' },
  { state: 'MATCHING', word: 'Match', says: 'Packages are being held against the advisories.' },
  { state: 'DONE', word: 'Done', says: 'Done.' },
];

const pollSeconds = 1;

// Who is told to wait longer asks again all the same: timers take no more than 24 days, and people less.
const maxPollSeconds = 300;

// One answer that is lost, or a restart of the app, is no reason to give up.
const maxFailures = 5;

const layerWords = { WAITING: 'waits', READING: 'is read', DONE: 'done', KNOWN: 'known already', FAILED: 'failed' };

/**
 * @param {string} id of the scan
 * @param {string} name of the image, as far as it is known
 * @param {{ ondone: (image: string) => void, oncancel: () => void }} on
 * @param {AbortSignal} signal
 */
export function scanView(id, name, { ondone, oncancel }, signal) {
  const phase = el('p', { class: 'phase' }, 'Asking …');
  const track = el('ol', { class: 'steps' }, steps.map(step => el('li', {}, step.word)));
  const total = el('div', { class: 'total-progress' });
  const layers = el('ul', { class: 'layers' });
  const problems = el('div', {});
  const cancel = button('Stop waiting', oncancel, { class: 'quiet' });
  const heading = el('h1', { tabindex: '-1' }, name || 'A scan');
  let said = '';
  const element = el('section', { class: 'scan' },
    el('p', { class: 'over' }, 'Scanning'), heading, track, phase, total, layers, problems,
    el('p', {}, cancel, el('span', { class: 'hint' }, ' The scan goes on by itself; its result will be in the list of images.')));
  void poll();
  return element;

  async function poll() {
    for (let failures = 0; !signal.aborted;) {
      let seconds = pollSeconds;
      try {
        const response = await send(`v1/scans/${inPath(id)}`, { signal });
        if (response.redirected) {
          await response.body?.cancel();
          ondone(decodeURIComponent(new URL(response.url).pathname.split('/').pop() ?? ''));
          return;
        }

        failures = 0;
        const job = /** @type {Job} */ (await jsonOf(response));
        render(job);
        if (job.state === 'FAILED') {
          fail(new ApiFailure(200, job.error?.message ?? 'The scan failed.'));
          return;
        }
      } catch (failure) {
        if (signal.aborted) {
          return;
        }

        const passes = failure instanceof ApiFailure && (failure.status === 0 || failure.status === 429 || failure.status >= 500);
        // Having asked too often says nothing about the scan.
        failures += passes && failure.status === 429 ? 0 : 1;
        if (!passes || failures > maxFailures) {
          fail(failure);
          return;
        }

        seconds = Math.min(Math.max(failure.retrySeconds ?? pollSeconds, pollSeconds), maxPollSeconds);
      }

      await new Promise(resolve => setTimeout(resolve, seconds * 1_000));
    }
  }

  /** @param {unknown} failure */
  function fail(failure) {
    cancel.hidden = true;
    problems.replaceChildren(failureBox(failure, 'The scan did not come to an end', () => {
      problems.replaceChildren();
      cancel.hidden = false;
      void poll();
    }));
  }

  /** @param {Job} job */
  function render(job) {
    heading.textContent = plain(job.imageName || name);
    const place = steps.findIndex(({ state }) => state === job.state);
    // A scan that has begun without knowing its layers still asks the registry.
    const shown = job.state === 'READING' && job.layers.length === 0 ? 0 : place;
    [...track.children].forEach((item, index) => {
      item.className = shown < 0 || index > shown ? '' : index < shown ? 'past' : 'now';
      if (index === shown) {
        item.setAttribute('aria-current', 'step');
      } else {
        item.removeAttribute('aria-current');
      }
    });
    phase.textContent = plain([steps[shown]?.says, job.reason && `${job.reason}.`, job.attempts > 1 && `Try ${job.attempts}.`].filter(Boolean).join(' '));
    keepLayerSizes(job.layers);
    renderLayers(job);
    announceProgress(job);
  }

  // Bytes change every second, which nobody wants to hear.
  /** @param {Job} job */
  function announceProgress({ layers: all }) {
    const words = `${phase.textContent}${all.length > 0 ? ` ${doneOf(all)} of ${countWord(all.length, 'layer')}.` : ''}`;
    if (words !== said) {
      said = words;
      announce(words);
    }
  }

  /** @param {Job} job */
  function renderLayers(job) {
    if (job.layers.length === 0) {
      return;
    }

    const wanted = job.layers.filter(layer => layer.state !== 'KNOWN');
    const size = wanted.reduce((sum, layer) => sum + Number(layer.size), 0);
    const read = wanted.reduce((sum, layer) => sum + readOf(layer), 0);
    const done = doneOf(job.layers);
    const packages = job.packages ?? job.layers.reduce((sum, layer) => sum + (layer.packages ?? 0), 0);
    const words = `${done} of ${countWord(job.layers.length, 'layer')}${size > 0 ? `, ${bytesOf(read)} of ${bytesOf(size)}` : ''}`
      + (packages > 0 ? `, ${countWord(packages, 'package')} found` : '');
    total.replaceChildren(size > 0 ? progress(read, size, 'All layers') : progress(done, job.layers.length, 'All layers'), el('p', {}, words));
    layers.replaceChildren(...job.layers.map(layer => el('li', { class: layer.state.toLowerCase() },
      el('code', { title: layer.digest }, shortDigest(layer.digest)),
      progress(layer.state === 'KNOWN' ? Number(layer.size) : readOf(layer), Number(layer.size), `Layer ${shortDigest(layer.digest)}`),
      el('span', { class: 'number' }, bytesOf(Number(layer.size))),
      el('span', { class: 'state' }, layerWords[layer.state] ?? layer.state, layer.packages ? `, ${countWord(layer.packages, 'package')}` : ''),
      layer.error && el('span', { class: 'said' }, layer.error))));
  }
}

/** @param {JobLayer[]} layers */
const doneOf = layers => layers.filter(({ state }) => state === 'DONE' || state === 'KNOWN').length;

/** @param {JobLayer} layer */
const readOf = layer => (layer.state === 'DONE' ? Number(layer.size) : Number(layer.bytesRead));

/** @param {number} value @param {number} max @param {string} label */
const progress = (value, max, label) => el('progress', { value: Math.min(value, Math.max(max, 1)), max: Math.max(max, 1), 'aria-label': label });

// Elements made by hand. Every text becomes a text node, so nothing that a registry, an image or an advisory says can become markup;
// the page's policy (require-trusted-types-for 'script') has the browser refuse any other way.

/** @typedef {Node | string | number | null | undefined | false} Child */

// Attributes that people are shown or told.
const spoken = new Set(['title', 'aria-label', 'data-label', 'placeholder']);

const svgSpace = 'http://www.w3.org/2000/svg';

/**
 * An element. Properties are attributes; `true` is an empty one, `null`, `undefined` and `false` none, and a function under `onclick`
 * listens to clicks.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/**
 * An element of SVG, as {@link el}.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), properties, children);
}

/**
 * A link to another site if the address is one of http or https, else its text alone: advisories and labels may say `javascript:`.
 * @param {string} address
 * @param {Child} text
 * @returns {HTMLElement}
 */
export function outLink(address, text) {
  return isWebAddress(address)
    ? el('a', { href: address, rel: 'noopener noreferrer', target: '_blank', class: 'out' }, text, el('span', { class: 'unseen' }, ' (opens elsewhere)'))
    : el('span', {}, text);
}

/** @param {string} address */
export function isWebAddress(address) {
  try {
    const { protocol } = new URL(address);
    return protocol === 'https:' || protocol === 'http:';
  } catch {
    return false;
  }
}

/**
 * A button that is no submit.
 * @param {Child} text
 * @param {(event: Event) => void} onclick
 * @param {Record<string, unknown>} [properties]
 */
export function button(text, onclick, properties = {}) {
  return el('button', { type: 'button', onclick, ...properties }, text);
}

/**
 * A moment, short, with the exact one at hand.
 * @param {string | null | undefined} moment
 * @param {(date: Date) => string} word
 */
export function timeOf(moment, word) {
  const date = moment ? new Date(moment) : null;
  return date && !Number.isNaN(date.getTime())
    ? el('time', { datetime: date.toISOString(), title: date.toISOString() }, word(date))
    : el('span', { class: 'faint' }, '–');
}

// Controls, and marks that turn the direction of what follows: with them a name could show another one.
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with a mark in the place of what cannot be seen. @param {string} text */
export const plain = text => text.replace(unseen, '\ufffd');

let lastId = 0;

/** A new id, for labels and what they belong to. @param {string} kind */
export const newId = kind => `${kind}-${++lastId}`;

/**
 * @template {Element} E
 * @param {E} node
 * @param {Record<string, unknown>} properties
 * @param {(Child | Child[])[]} children
 * @returns {E}
 */
function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      node.addEventListener(name.slice('on'.length), /** @type {EventListener} */ (value));
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : spoken.has(name) ? plain(String(value)) : String(value));
    }
  }

  node.append(...nodesOf(children));
  return node;
}

/**
 * What of the children is to be seen.
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function nodesOf(children) {
  return children.flat().filter(child => child !== null && child !== undefined && child !== false && child !== '')
    .map(child => (child instanceof Node ? child : plain(String(child))));
}

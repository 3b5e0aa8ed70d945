// The public API, and nothing else.

import { token } from './session.js';

/** An answer that is an error, in the API's own words. */
export class ApiFailure extends Error {
  /**
   * @param {number} status of HTTP; 0 if there was no answer
   * @param {string} message
   * @param {number} [retrySeconds] after how long to ask again, if that was said
   */
  constructor(status, message, retrySeconds) {
    super(message);
    this.status = status;
    this.retrySeconds = retrySeconds;
  }
}

/**
 * @typedef {object} Ask
 * @property {string} [method]
 * @property {unknown} [body]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * The response, if it is no error; else throws {@link ApiFailure}. Who aborts gets the AbortError of fetch.
 * @param {string} path without a slash before it
 * @param {Ask} [ask]
 */
export async function send(path, { method = 'GET', body, headers = {}, signal } = {}) {
  const credential = token();
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      // A browser that once was told a password would else send that.
      credentials: credential ? 'omit' : 'same-origin',
      headers: {
        // Fields such as EPSS came with later releases than the app may be set to.
        'Api-Level': 'latest',
        ...(credential ? { Authorization: `Bearer ${credential}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') {
      throw failure;
    }

    throw new ApiFailure(0, 'The app did not answer. It may be starting, or the network may be down.');
  }

  if (!response.ok) {
    throw await failureOf(response);
  }

  return response;
}

/**
 * The message of an answer.
 * @template T
 * @param {string} path
 * @param {Ask} [ask]
 * @returns {Promise<T>}
 */
export async function get(path, ask) {
  return jsonOf(await send(path, ask));
}

/**
 * The message of a response; throws {@link ApiFailure} of status 0 if it is none, since that is as good as no answer.
 * @param {Response} response
 */
export async function jsonOf(response) {
  try {
    return await response.json();
  } catch {
    throw new ApiFailure(0, 'The answer broke off or was no JSON.');
  }
}

/** @param {string} path @param {Record<string, string | number | boolean | undefined>} parameters */
export function withQuery(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '' && value !== false) {
      query.set(name, String(value));
    }
  }

  return query.size > 0 ? `${path}?${query}` : path;
}

/** An id inside a path. @param {string} id */
export const inPath = id => encodeURIComponent(id).replaceAll('%3A', ':');

/** @param {Response} response */
async function failureOf(response) {
  const text = await response.text().catch(() => '');
  const retry = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  return new ApiFailure(response.status, messageOf(text) || `The app answered ${response.status} ${response.statusText}.`,
    Number.isNaN(retry) ? undefined : retry);
}

/** @param {string} text */
function messageOf(text) {
  try {
    const { message, error } = JSON.parse(text);
    return String(message || error || '');
  } catch {
    return '';
  }
}

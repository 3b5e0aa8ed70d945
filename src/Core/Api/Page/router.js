// Where the page is, in the part of the address that stays in the browser: #/image/sha256:…?tab=layers&q=ssl. A link to it is a link to
// what is seen.

/** @typedef {{ view: 'home' | 'image' | 'scan', id: string, parameters: URLSearchParams }} Route */

/**
 * What the hash means; what cannot be read is the home page.
 * @param {string} hash
 * @returns {Route}
 */
export function routeOf(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view, id = ''] = path.split('/');
  const parameters = new URLSearchParams(query);
  return (view === 'image' || view === 'scan') && id !== ''
    ? { view, id: plain(id), parameters }
    : { view: 'home', id: '', parameters };
}

/** @param {Route} route */
export function hashOf({ view, id, parameters }) {
  const path = view === 'home' ? '#/' : `#/${view}/${encodeURIComponent(id).replaceAll('%3A', ':')}`;
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/**
 * The hash with some of its parameters changed; those that are empty are left out.
 * @param {Route} route
 * @param {Record<string, string>} changes
 */
export function changed(route, changes) {
  const parameters = new URLSearchParams(route.parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') {
      parameters.delete(name);
    } else {
      parameters.set(name, value);
    }
  }

  return { ...route, parameters };
}

/** Writes the route into the address without going anywhere. @param {Route} route */
export const keepRoute = route => history.replaceState(null, '', hashOf(route));

/** @param {string} text */
function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

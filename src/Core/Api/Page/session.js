// What the page keeps while its tab is open: the token, nowhere else, and the sizes of layers that a scan has told of.

const tokenKey = 'imagescan-token';
const sizesKey = 'imagescan-layer-sizes';
const maxSizes = 2_000;

/** The caller's token; "" if there is none. */
export const token = () => sessionStorage.getItem(tokenKey) ?? '';

/** @param {string} value "" forgets it */
export function keepToken(value) {
  if (value) {
    sessionStorage.setItem(tokenKey, value);
  } else {
    sessionStorage.removeItem(tokenKey);
  }
}

/**
 * Compressed bytes of layers by digest, as far as this tab has seen them read: the image itself does not say.
 * @returns {Record<string, number>}
 */
export function layerSizes() {
  try {
    return JSON.parse(sessionStorage.getItem(sizesKey) ?? '{}');
  } catch {
    return {};
  }
}

/** @param {import('./api-types').JobLayer[]} layers */
export function keepLayerSizes(layers) {
  const sizes = layerSizes();
  for (const layer of layers) {
    sizes[layer.digest] = Number(layer.size);
  }

  sessionStorage.setItem(sizesKey, JSON.stringify(Object.fromEntries(Object.entries(sizes).slice(-maxSizes))));
}

// What is typed above the list of images, in the API's language of queries (docs/images.md).

/**
 * What is typed is a part of a name, unless it begins with a field of the query language.
 * @param {string} text
 */
export function queryOf(text) {
  // Plus, comma and quotation mark have meanings of their own there; a point stands for any of them.
  return text === '' ? '' : /^[A-Z][A-Za-z ]*:\S/.test(text) ? text : `Image:r/${text.replace(/[\\^$.*?()[\]{}|]/g, '\\$&').replace(/[+,"]/g, '.')}`;
}

// What a screen reader says without being asked.

const region = document.getElementById('live');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/**
 * Says it once nothing else has come for a moment, so that typing and progress do not talk over each other.
 * @param {string} text
 */
export function announce(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (region && region.textContent !== text) {
      region.textContent = text;
    }
  }, 400);
}

// Who is looking, and what they may do.

import { get } from './api.js';

/** @typedef {{ isKnown: boolean, mayScan: boolean, mayRequest: boolean, mayApprove: boolean }} Permissions */

const nothing = { isKnown: false, mayScan: false, mayRequest: false, mayApprove: false };

/** @type {Promise<Permissions> | undefined} */
let known;

/** What the caller may do; nothing where that cannot be learned, since the routes refuse it anyway. */
export function permissions() {
  known ??= ask();
  return known;
}

/** After the token has changed. */
export function forgetPermissions() {
  known = undefined;
}

/** The name of the caller; "" if there is none. */
export async function callerName() {
  try {
    const { userId, userInfo } = await get('v1/auth/status');
    return String(userInfo?.friendlyName || userInfo?.username || userId || '');
  } catch {
    return '';
  }
}

/** @returns {Promise<Permissions>} */
async function ask() {
  try {
    const { resourceToAccess } = await get('v1/mypermissions');
    const may = (/** @type {string} */ resource) => resourceToAccess[resource] === 'READ_WRITE_ACCESS';
    return {
      isKnown: true,
      mayScan: may('Image'),
      mayRequest: may('VulnerabilityManagementRequests'),
      mayApprove: may('VulnerabilityManagementApprovals'),
    };
  } catch {
    known = undefined;
    return nothing;
  }
}

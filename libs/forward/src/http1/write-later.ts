/** A connection to a target that has a request to write. */
export interface Waiting {
  write(): void;
}

const waiting: Waiting[] = [];

/**
 * Requests on connections that were used before are written after everything that has arrived was read: a target that
 * sends what nobody asked for, or has closed, is found out before its connection is used (GHSA-35p6-xmwp-9g52).
 */
export function writeLater(connection: Waiting): void {
  if (waiting.push(connection) === 1) setImmediate(writeAll);
}

function writeAll(): void {
  for (const connection of waiting.splice(0)) connection.write();
}

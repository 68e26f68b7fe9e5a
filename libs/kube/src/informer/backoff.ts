const firstMs = 800;
const longestMs = 30_000;
const patientAfterTries = 200;
const impatientMs = 2_000;

/** Full jitter: anything up to the exponential, so that many clients don't come back at once. */
export function backoffDelay(failures: number, random: () => number): number {
  return random() * Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
}

/**
 * For what a person is about to repair: a missing kind or permission. They should see it work within seconds, so the
 * delay grows beyond two seconds only after minutes in which nobody did anything.
 */
export function degradedDelay(failures: number, random: () => number): number {
  const longest = failures < patientAfterTries ? impatientMs : longestMs;
  return (0.5 + random() / 2) * Math.min(longest, firstMs * 2 ** Math.min(failures, 10));
}

/**
 * For a server that is not there at all. A refused connection costs the server nothing, and whoever serves from our
 * cache should see changes within two seconds after the server is back.
 */
export function probeDelay(random: () => number): number {
  return 250 + random() * 500;
}

/** After a watch ended as planned: at once, but not all watches in the same millisecond. */
export function rewatchDelay(random: () => number): number {
  return random() * 250;
}

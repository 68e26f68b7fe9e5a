import { createHash } from "node:crypto";

/** What a label's value leaves beside a UUID and a hyphen. */
const room = 63 - 36 - 1;
const longestLabel = 63;

/** The Secret with the credentials of a bundle. Names of objects are ASCII, so that characters are bytes. */
export const credentialsSecretName = (application: string, bundleId: string): string =>
  `${application.slice(0, room)}-${bundleId}`;

/** The Secret with the headers and query parameters that a bundle's calls get. */
export const parametersSecretName = (application: string, bundleId: string): string =>
  credentialsSecretName(`params-${application}`, bundleId);

/** An Application's name as the value of a label: a longer one is cut, and told apart by a digest. */
export function labelValueFor(application: string): string {
  if (application.length <= longestLabel) return application;
  const digest = createHash("sha256").update(application).digest("hex").slice(0, 8);
  return `${application.slice(0, 54).replace(/[-._]+$/, "")}-${digest}`;
}

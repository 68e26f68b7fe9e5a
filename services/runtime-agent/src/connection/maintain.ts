import type { Connector } from "@application-connector/ucl";
import type { ManagementUrls } from "./certificate-store.ts";
import type { Credentials } from "./credentials.ts";
import { sign } from "./obtain.ts";
import { type RenewalRule, renewalIsDue } from "./renewal.ts";
import type { MakeKey } from "./signing-request.ts";

export interface Maintenance {
  readonly urls: ManagementUrls;
  /** In place of those that were used, where it was time. */
  readonly renewed: Credentials | undefined;
  /** Why it is time and there are no new ones; the recent failure itself where nothing was tried. */
  readonly renewalError: Error | undefined;
}

export interface MaintenanceOptions {
  /** Where the Connector was last. */
  readonly url: string;
  readonly credentials: Credentials;
  readonly rule: RenewalRule;
  /** Somebody wants a new certificate now. */
  readonly isAsked: boolean;
  /** Of a renewal that has failed a moment ago: it is not tried again yet. */
  readonly recentFailure: Error | undefined;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/**
 * Asks the Connector, with the current certificate, where UCL is now, and for a new certificate when it is time.
 *
 * @throws {UclError} when the Connector does not answer; a renewal that fails is told in what is returned
 */
export async function maintain(
  connector: Connector,
  makeKey: MakeKey,
  { url, credentials, rule, isAsked, recentFailure, requestId, signal }: MaintenanceOptions,
): Promise<Maintenance> {
  const { subject, connectorUrl, directorUrl } = await connector.configuration({ url, requestId, signal });
  const urls = { connectorUrl, directorUrl };
  const isDue = isAsked || renewalIsDue(credentials, rule, Date.now());
  if (!isDue || recentFailure) return { urls, renewed: undefined, renewalError: isDue ? recentFailure : undefined };
  try {
    const renewed = await sign(connector, makeKey, subject, { url: connectorUrl, requestId, signal });
    return { urls, renewed, renewalError: undefined };
  } catch (error) {
    if (signal.aborted) throw error;
    return { urls, renewed: undefined, renewalError: error as Error };
  }
}

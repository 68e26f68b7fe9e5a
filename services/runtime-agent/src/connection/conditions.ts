import type { StatedCondition } from "@application-connector/kube";
import { timestamp } from "./connection-status.ts";
import type { Validity } from "./renewal.ts";

/** Why there is no working connection, in one word. */
export type DisconnectedReason = "PairingFailed" | "MaintenanceFailed" | "ReconnectRequired";

export const connected = (message: string, token: "" | "PairingFailed" = ""): StatedCondition => ({
  type: "Connected",
  status: "True",
  reason: token === "" ? "Connected" : token,
  message,
});

export const disconnected = (reason: DisconnectedReason, message: string): StatedCondition => ({
  type: "Connected",
  status: "False",
  reason,
  message,
});

/** What can be said about the certificate. */
export function certificateCondition(
  validity: Validity | undefined,
  problem: { readonly missing?: string; readonly renewal?: string | undefined },
  now: number,
): StatedCondition {
  const type = "CertificateValid";
  if (validity === undefined) {
    return { type, status: "False", reason: "Missing", message: problem.missing ?? "there is no certificate" };
  }
  const until = timestamp(validity.notAfter);
  if (validity.notAfter.getTime() <= now) {
    return { type, status: "False", reason: "Expired", message: `the certificate was valid until ${until}` };
  }
  if (problem.renewal !== undefined) {
    const message = `the certificate is valid until ${until}; it could not be renewed: ${problem.renewal}`;
    return { type, status: "True", reason: "RenewalFailed", message };
  }
  return { type, status: "True", reason: "Valid", message: `the certificate is valid until ${until}` };
}

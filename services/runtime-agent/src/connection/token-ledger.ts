import { createHash } from "node:crypto";
import { type CallOptions, type Client, KubeError } from "@application-connector/kube";
import { type AgentConfiguration, usedTokenAnnotation } from "./agent-configuration.ts";
import { changeSecret } from "./merge-secret.ts";
import type { SecretName } from "./secret-name.ts";

/**
 * - `none`: there is no token
 * - `fresh`: another one than the last that was sent
 * - `unknown`: nobody has noted which was sent last, as where upstream's agent has paired
 * - `used`: it was sent
 */
export type TokenStatus = "none" | "fresh" | "unknown" | "used";

/** Keeps a one-time token from being sent twice, by this process or the next one. */
export interface TokenLedger {
  status(configuration: AgentConfiguration): TokenStatus;
  /** To be called before the token is sent: whoever dies then leaves it spent. */
  spend(configuration: AgentConfiguration, options?: CallOptions): Promise<void>;
  /** It never left this process after all. */
  takeBack(configuration: AgentConfiguration, options?: CallOptions): Promise<void>;
}

export function createTokenLedger(client: Client, name: SecretName): TokenLedger {
  /** Of this process, where the Secret must not or could not be written. */
  let spent: string | undefined;
  let takenBack: string | undefined;

  const note = async (hash: string | null, options: CallOptions): Promise<void> => {
    const content = { data: {}, annotations: { [usedTokenAnnotation]: hash } };
    // Without the Secret there is nothing to note.
    await changeSecret(client, name, content, options).catch((error: unknown) => {
      // Without the right to write it down, memory has to do.
      if (!(error instanceof KubeError && (error.isForbidden || error.isNotFound))) throw error;
    });
  };

  return {
    status({ token, usedTokenHash }) {
      if (token === "") return "none";
      const hash = tokenHash(token);
      if (hash === takenBack) return "fresh";
      if (hash === spent || hash === usedTokenHash) return "used";
      return usedTokenHash === undefined && spent === undefined ? "unknown" : "fresh";
    },
    async spend({ token }, options = {}) {
      const hash = tokenHash(token);
      try {
        await note(hash, options);
      } catch (error) {
        // It is not sent. That it was may stand in the Secret all the same.
        takenBack = hash;
        throw error;
      }
      spent = hash;
      takenBack = undefined;
    },
    async takeBack({ token, usedTokenHash }, options = {}) {
      takenBack = tokenHash(token);
      spent = usedTokenHash;
      await note(usedTokenHash ?? null, options);
    },
  };
}

/** What may be kept of a token. */
export const tokenHash = (token: string): string => createHash("sha256").update(token).digest("hex");

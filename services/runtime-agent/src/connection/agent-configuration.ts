import { type CallOptions, type Client, find, type Secret, secrets } from "@application-connector/kube";
import { type SecretName, secretNameText } from "./secret-name.ts";

/** What the administrator has said about pairing, in the configuration Secret. Empty where nothing was said. */
export interface AgentConfiguration {
  readonly connectorUrl: string;
  readonly token: string;
  readonly runtimeId: string;
  readonly tenant: string;
  /** SHA-256 of the token that was sent last, as the Secret's annotation says. */
  readonly usedTokenHash: string | undefined;
}

export const usedTokenAnnotation = "compass.kyma-project.io/used-token-hash";

/** @throws {Error} when there is no such Secret, or it cannot be read */
export async function readAgentConfiguration(
  client: Client,
  name: SecretName,
  options: CallOptions = {},
): Promise<AgentConfiguration> {
  const secret = await find(client, secrets, name, options);
  if (secret === undefined) throw new Error(`there is no Secret ${secretNameText(name)}`);
  return configurationIn(secret);
}

export function configurationIn({ data = {}, metadata }: Secret): AgentConfiguration {
  // Files often end in a line feed, and so do Secrets that are made from them.
  const value = (key: string): string =>
    Buffer.from(data[key] ?? "", "base64")
      .toString("utf8")
      .trim();
  return {
    connectorUrl: value("CONNECTOR_URL"),
    token: value("TOKEN"),
    runtimeId: value("RUNTIME_ID"),
    tenant: value("TENANT"),
    usedTokenHash: metadata.annotations?.[usedTokenAnnotation],
  };
}

import { type Connector, UclError } from "@application-connector/ucl";
import type { AgentConfiguration } from "./agent-configuration.ts";
import type { ManagementUrls } from "./certificate-store.ts";
import { type Credentials, issuedCredentials } from "./credentials.ts";
import { type MakeKey, signingRequest } from "./signing-request.ts";
import type { TokenLedger } from "./token-ledger.ts";

export interface Obtained {
  readonly credentials: Credentials;
  readonly urls: ManagementUrls;
}

interface Asking {
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** A certificate for the one-time token of the configuration, which is spent by it. */
export async function obtainByToken(
  connector: Connector,
  ledger: TokenLedger,
  makeKey: MakeKey,
  configuration: AgentConfiguration,
  { requestId, signal }: Asking,
): Promise<Obtained> {
  const { connectorUrl: url, token } = configuration;
  if (url === "") throw new Error("the configuration Secret has no CONNECTOR_URL");
  if (!URL.canParse(url)) throw new Error("CONNECTOR_URL in the configuration Secret is no address");
  await ledger.spend(configuration, { signal });
  const answer = await connector.configuration({ url, token, requestId, signal }).catch(async (error: unknown) => {
    if (error instanceof UclError && error.unsent) await ledger.takeBack(configuration, { signal });
    throw error;
  });
  if (answer.token === undefined) throw new Error("UCL's answer has no token for the certificate");
  const how = { url, token: answer.token, requestId, signal };
  const credentials = await sign(connector, makeKey, answer.subject, how);
  return { credentials, urls: { connectorUrl: answer.connectorUrl, directorUrl: answer.directorUrl } };
}

/** A certificate for a new key. Nobody gets the key before UCL has signed for it. */
export async function sign(
  connector: Connector,
  makeKey: MakeKey,
  subject: string | undefined,
  how: Parameters<Connector["sign"]>[0],
): Promise<Credentials> {
  if (subject === undefined) throw new Error("UCL's answer has no subject for the certificate");
  const key = await makeKey();
  return issuedCredentials(await connector.sign(how, signingRequest(subject, key)), key);
}

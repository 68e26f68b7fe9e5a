import { type Static, Type } from "typebox";
import { checked } from "./checked.ts";
import type { UclTransport } from "./transport.ts";
import { UclError } from "./ucl-error.ts";

/** Where and as whom the Connector is called. */
export interface ConnectorCall {
  readonly url: string;
  /** One-time token; without it the transport's certificate counts. It is spent by the call, whatever comes of it. */
  readonly token?: string | undefined;
  readonly requestId: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ConnectorConfiguration {
  /** The token for the next call of a client that has no certificate yet. */
  readonly token: string | undefined;
  /** Of the certificate to be asked for, such as `O=Org,OU=OrgUnit,L=locality,ST=province,C=DE,CN=<client id>`. */
  readonly subject: string | undefined;
  readonly directorUrl: string;
  /** Connector for clients with a certificate. */
  readonly connectorUrl: string;
}

/** PEM each. */
export interface CertificationResult {
  /** Of the client alone. */
  readonly clientCertificate: string;
  /** Authorities. */
  readonly caCertificate: string;
  /** The client's and the authorities'. */
  readonly certificateChain: string;
}

export interface Connector {
  /** Also makes UCL issue a fresh one-time token, in place of the one before. @throws {UclError} */
  configuration(call: ConnectorCall): Promise<ConnectorConfiguration>;
  /** @param request PEM of a PKCS#10 request. @throws {UclError} */
  sign(call: ConnectorCall, request: string): Promise<CertificationResult>;
}

const configurationDocument = `query {
  result: configuration {
    token { token }
    certificateSigningRequestInfo { subject keyAlgorithm }
    managementPlaneInfo { directorURL certificateSecuredConnectorURL }
  }
}`;

const signingDocument = `mutation ($csr: String!) {
  result: signCertificateSigningRequest(csr: $csr) { certificateChain caCertificate clientCertificate }
}`;

const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

const longestSubject = 4_096;
const ConfigurationAnswer = Type.Object({
  result: Type.Object({
    token: maybe(Type.Object({ token: Type.String() })),
    certificateSigningRequestInfo: maybe(Type.Object({ subject: Type.String({ maxLength: longestSubject }) })),
    managementPlaneInfo: maybe(
      Type.Object({ directorURL: maybe(Type.String()), certificateSecuredConnectorURL: maybe(Type.String()) }),
    ),
  }),
});

/** A few certificates; the Secret that they go to has its limit, too. */
const longestChain = 256 * 1024;
// No part of the pattern may match what the next one does: the time for an answer must not grow with its square.
const base64 = Type.String({ minLength: 1, maxLength: longestChain, pattern: "^[A-Za-z0-9+/=\\s]+$" });
const SigningAnswer = Type.Object({
  result: Type.Object({ certificateChain: base64, caCertificate: base64, clientCertificate: base64 }),
});

/** The Connector of UCL: who may call, and with which certificate. No call is repeated: a token is good for one. */
export function createConnector(transport: UclTransport): Connector {
  return {
    async configuration(call) {
      const asked = { what: "connector configuration", requestId: call.requestId };
      const data = await transport.send({
        ...common(call),
        operation: "configuration",
        document: configurationDocument,
      });
      return readConfiguration(checked(ConfigurationAnswer, data, asked), asked);
    },
    async sign(call, request) {
      const operation = "signCertificateSigningRequest";
      const variables = { csr: Buffer.from(request).toString("base64") };
      const data = await transport.send({ ...common(call), operation, document: signingDocument, variables });
      const { result } = checked(SigningAnswer, data, { what: `connector ${operation}`, requestId: call.requestId });
      return {
        clientCertificate: decoded(result.clientCertificate),
        caCertificate: decoded(result.caCertificate),
        certificateChain: decoded(result.certificateChain),
      };
    },
  };
}

function common({ url, token, requestId, signal }: ConnectorCall) {
  const headers = token === undefined ? {} : { "Connector-Token": token };
  return { service: "connector", url, headers, requestId, signal } as const;
}

function readConfiguration(
  { result }: Static<typeof ConfigurationAnswer>,
  asked: { what: string; requestId: string },
): ConnectorConfiguration {
  const { directorURL, certificateSecuredConnectorURL } = result.managementPlaneInfo ?? {};
  const invalid = (message: string) => new UclError(`${asked.what}: ${message}`, { code: "invalid-answer", ...asked });
  if (!directorURL) throw invalid("the answer has no managementPlaneInfo.directorURL");
  if (!certificateSecuredConnectorURL)
    throw invalid("the answer has no managementPlaneInfo.certificateSecuredConnectorURL");
  for (const url of [directorURL, certificateSecuredConnectorURL])
    if (!isSecured(url)) throw invalid("the answer has an address that is no https address");
  return {
    token: result.token?.token,
    subject: result.certificateSigningRequestInfo?.subject,
    directorUrl: directorURL,
    connectorUrl: certificateSecuredConnectorURL,
  };
}

/** Elsewhere no certificate could be shown, and credentials of applications would be read on the way. */
const isSecured = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === "https:";

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");

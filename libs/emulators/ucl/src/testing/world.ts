import { createRequest } from "@application-connector/x509";
import { startUcl, type Ucl, type UclOptions } from "../ucl.ts";
import { type Answer, type CallOptions, call, type Pair } from "./call.ts";

/** Starts UCL for one test, which says how it wants to be told of its end. */
export const startUntil =
  (finished: (stop: () => Promise<void>) => void) =>
  async (options: UclOptions = {}): Promise<Ucl> => {
    const ucl = await startUcl(options);
    finished(() => ucl.stop());
    return ucl;
  };

export const configuration =
  "{ result: configuration { token { token } certificateSigningRequestInfo { subject keyAlgorithm } managementPlaneInfo { directorURL certificateSecuredConnectorURL } } }";
export const signing =
  "mutation ($csr: String!) { result: signCertificateSigningRequest(csr: $csr) { certificateChain caCertificate clientCertificate } }";

export const base64 = (text: string): string => Buffer.from(text).toString("base64");
export const pemOf = (text: string): string => Buffer.from(text, "base64").toString();

export const byToken = (ucl: Ucl, token: string, query: string, variables: object = {}): Promise<Answer> =>
  call(ucl, ucl.urls.connectorURL, { query, variables, token });

export const byCertificate = (ucl: Ucl, pair: Pair, query: string, variables: object = {}): Promise<Answer> =>
  call(ucl, ucl.urls.certificateSecuredConnectorURL, { query, variables, pair });

export const director = (ucl: Ucl, pair: Pair, query: string, options: Partial<CallOptions> = {}): Promise<Answer> =>
  call(ucl, ucl.urls.directorURL, { query, pair, ...options });

/** The subject that UCL asks for, in the order in which requests are written here: the last part of it first. */
export const subjectFor = (clientId: string): string => `CN=${clientId},OU=OrgUnit,O=Org,L=locality,ST=province,C=DE`;

export interface Runtime {
  id: string;
  token: string;
}

/** A runtime with an unused one-time token, maybe in a formation. */
export async function runtimeIn(ucl: Ucl, formation?: string, name = "runtime"): Promise<Runtime> {
  const { runtimes } = ucl.seed({ runtimes: [{ name, ...(formation ? { formations: [formation] } : {}) }] });
  const id = runtimes[0]?.id ?? "";
  return { id, token: await freshToken(ucl, id) };
}

export async function freshToken(ucl: Ucl, runtimeId: string, systemAuthID?: string): Promise<string> {
  const { result } = await ucl.administrator(
    "mutation ($id: ID!, $auth: ID) { result: requestOneTimeTokenForRuntime(id: $id, systemAuthID: $auth) { token } }",
    { id: runtimeId, auth: systemAuthID },
  );
  return (result as { token: string }).token;
}

// One key serves all tests: making one takes long, and which it is makes no difference.
const { key: rsaKey } = createRequest({ subject: "CN=x", keyType: "rsa" });

export const requestFor = (subject: string): { request: string; key: string } =>
  createRequest({ subject, key: rsaKey });

/** Goes the whole way from a token to a certificate. */
export async function pair(ucl: Ucl, token: string): Promise<Pair & { clientId: string; caCertificate: string }> {
  const { data } = await byToken(ucl, token, configuration);
  const clientId = /CN=([^,]+)/.exec(data.result.certificateSigningRequestInfo.subject)?.[1] ?? "";
  const { request, key } = requestFor(subjectFor(clientId));
  const signed = await byToken(ucl, data.result.token.token, signing, { csr: base64(request) });
  const { clientCertificate, caCertificate } = signed.data.result ?? {};
  return { certificate: pemOf(clientCertificate), key, clientId, caCertificate: pemOf(caCertificate) };
}

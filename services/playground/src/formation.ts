import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { createConnector, createUclTransport } from "@application-connector/ucl";
import type { Ucl } from "@application-connector/ucl-emulator";
import { createRequest } from "@application-connector/x509";
import type { DemoSystem } from "./demo.ts";

/** The formation of the demo: the systems in it are those that the cluster gets to know. */
export const formation = "demo";

/** What a cluster is told to join UCL. */
export interface Pairing {
  readonly runtimeId: string;
  readonly token: string;
}

/** Registers this cluster as a runtime in the formation. */
export async function registerRuntime(ucl: Ucl): Promise<Pairing> {
  const { runtimes } = ucl.seed({
    formations: [formation],
    runtimes: [{ name: "playground", formations: [formation] }],
  });
  const runtimeId = runtimes[0]?.id ?? "";
  const { result } = await ucl.administrator(
    "mutation ($id: ID!) { result: requestOneTimeTokenForRuntime(id: $id) { token } }",
    { id: runtimeId },
  );
  return { runtimeId, token: (result as { token: string }).token };
}

/** Registers an external system and puts it into the formation; a token with which it gets its certificate. */
export async function registerSystem(ucl: Ucl, system: DemoSystem): Promise<string> {
  const { result } = await ucl.administrator(
    "mutation ($in: ApplicationRegisterInput!) { result: registerApplication(in: $in) { id } }",
    { in: system },
  );
  const { id } = result as { id: string };
  const { token } = await ucl.administrator(
    `mutation ($id: ID!, $name: String!) {
      assignFormation(objectID: $id, objectType: APPLICATION, formation: { name: $name }) { id }
      token: requestOneTimeTokenForApplication(id: $id) { token }
    }`,
    { id, name: formation },
  );
  return (token as { token: string }).token;
}

/** What an external system does when it is connected: it exchanges its token for a client certificate. */
export async function pairSystem(ucl: Ucl, token: string): Promise<{ certificate: string; key: string }> {
  const transport = createUclTransport({ ca: ucl.serverCa });
  try {
    const connector = createConnector(transport);
    const call = { url: ucl.urls.connectorURL, requestId: "playground" };
    const { token: second, subject = "" } = await connector.configuration({ ...call, token });
    const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    // UCL names the parts in the order of the certificate, requests take them as they are printed.
    const { request } = createRequest({ subject: subject.split(",").reverse().join(","), key });
    const { certificateChain } = await connector.sign({ ...call, token: second }, request);
    return { certificate: certificateChain, key };
  } finally {
    await transport.stop();
  }
}

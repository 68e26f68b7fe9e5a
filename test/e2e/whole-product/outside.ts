import { type Eventing, startEventing } from "@application-connector/eventing-emulator";
import { type ExternalSystem, startExternalSystem } from "@application-connector/external-system-emulator";
import { type Pairing, pairSystem, registerRuntime, registerSystem } from "@application-connector/playground";
import { startUcl, type Ucl } from "@application-connector/ucl-emulator";
import { createAuthority } from "@application-connector/x509";
import { Agent, request } from "undici";
import { onTestFinished } from "vitest";

/** Everything the cluster talks to, and what a system outside of it needs to talk to the cluster. */
export interface Outside {
  readonly ucl: Ucl;
  readonly pairing: Pairing;
  readonly externalSystem: ExternalSystem;
  readonly eventing: Eventing;
  /** What the door shows to its clients. */
  readonly door: { readonly certificate: string; readonly key: string };
  /** Posts an event as the system that is registered in UCL; resolves with the status. */
  sendEvent(port: number, path: string, id: string): Promise<number>;
  /** Takes the system out of the formation. */
  leave(): Promise<void>;
}

const basic = { username: "user", password: "a-password-of-orders" };

/** @param host the name under which the door is reached */
export async function createOutside(host: string): Promise<Outside> {
  const [ucl, externalSystem, eventing] = await Promise.all([
    startUcl(),
    startExternalSystem({ basic }),
    startEventing(),
  ]);
  onTestFinished(async () => {
    await Promise.all([ucl.stop(), externalSystem.stop(), eventing.stop()]);
  });
  const pairing = await registerRuntime(ucl);
  const system = {
    name: "crm",
    description: "a customer system",
    bundles: [
      {
        name: "Orders",
        description: "needs a user and a password",
        defaultInstanceAuth: { credential: { basic } },
        apiDefinitions: [{ name: "orders", targetURL: `${externalSystem.url}/basic/echo` }],
      },
    ],
  };
  const client = await pairSystem(ucl, await registerSystem(ucl, system));
  const authority = createAuthority({ subject: "CN=door", keyType: "ec" });
  const door = authority.issue({ subject: `CN=${host}`, usage: ["server"], dnsNames: [host], keyType: "ec" });
  const tls = { ca: authority.certificate, cert: client.certificate, key: client.key, servername: host };
  const dispatcher = new Agent({ connect: tls });
  onTestFinished(() => dispatcher.destroy());

  return {
    ucl,
    pairing,
    externalSystem,
    eventing,
    door,
    async sendEvent(port, path, id) {
      const { statusCode, body } = await request(`https://127.0.0.1:${port}${path}`, {
        method: "POST",
        dispatcher,
        headers: {
          "content-type": "application/json",
          "ce-specversion": "1.0",
          "ce-id": id,
          "ce-source": "mp-crm",
          "ce-type": "order.created.v1",
        },
        body: JSON.stringify({ orderId: 1 }),
      });
      await body.dump();
      return statusCode;
    },
    async leave() {
      const { applications } = (await ucl.administrator("{ applications { data { id name } } }")) as {
        applications: { data: { id: string; name: string }[] };
      };
      const id = applications.data.find(({ name }) => name === "crm")?.id;
      await ucl.administrator(
        'mutation ($id: ID!) { unassignFormation(objectID: $id, objectType: APPLICATION, formation: { name: "demo" }) { id } }',
        { id },
      );
    },
  };
}

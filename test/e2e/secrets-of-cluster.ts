import { type Client, events, secrets } from "@application-connector/kube";
import { ledger } from "../conformance/application-gateway/secrecy-ledger.ts";

/** What everybody may know of a Secret: names, addresses and certificates. */
const isPublic = (key: string): boolean =>
  /^(tls\.)?crt$|^ca(\.crt|cert)?$|(^|_)(URL|ID|TENANT|NAMESPACE)$|^clientId$|^username$/i.test(key);

/** Notes everything secret that a cluster holds now, as it is, in base64 and as a Basic header; returns how much. */
export async function noteSecrets(client: Client): Promise<number> {
  const { items } = await client.list(secrets);
  for (const { metadata, data = {} } of items) {
    const plain = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()] as const);
    ledger.data(metadata.name, Object.fromEntries(plain.filter(([key]) => !isPublic(key))));
    const { username, password } = Object.fromEntries(plain);
    if (password) ledger.data(metadata.name, { basic: Buffer.from(`${username}:${password}`).toString("base64") });
  }
  return ledger.size.secrets;
}

/** Notes what the programs have told the cluster's users. */
export async function noteEvents(client: Client): Promise<void> {
  const { items } = await client.list(events);
  ledger.said("the Events of the cluster", JSON.stringify(items));
}

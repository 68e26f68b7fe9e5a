/**
 * Writes what a gateway needs that is started once and tested by many test files: a kubeconfig for the API server that each
 * of them opens on the same port, with the same authority and token.
 *
 *   node prepare.ts FOLDER PORT
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { createAuthority } from "@application-connector/x509";

const [folder, port] = process.argv.slice(2);
if (folder === undefined || !Number(port)) {
  console.error("usage: node prepare.ts FOLDER PORT");
  process.exit(2);
}
mkdirSync(folder, { recursive: true, mode: 0o700 });
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text, { mode: 0o600 });

const authority = createAuthority({ subject: "CN=conformance" });
const token = randomBytes(24).toString("base64url");
const api = await startKubeApi({ port: Number(port), authority });
write("ca.crt", authority.certificate);
write("ca.key", authority.key);
write("settings.json", JSON.stringify({ port: Number(port), token }));
write("kubeconfig", api.kubeconfig(token));
await api.stop();
console.log(path.resolve(folder, "kubeconfig"));

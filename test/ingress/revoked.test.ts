import { X509Certificate } from "node:crypto";
import { createAuthority, type Issued } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { application } from "../conformance/connectivity-validator/world.ts";
import { type MeshOptions, startMesh, type Way } from "./mesh.ts";

const std = { subject: "CN=std", usage: ["client" as const] };
const clients = createAuthority({ subject: "CN=Client CA" });
const below = clients.intermediate("CN=Below");

/** What each way says to a certificate; 0: there was no handshake. */
async function judge(options: Omit<MeshOptions, "applications">, ways: readonly Way[], client: Issued) {
  const mesh = await startMesh({ ...options, applications: [application("std")] });
  onTestFinished(() => mesh.stop());
  const status = (way: Way) =>
    mesh.call(way, "/std/events", client).then(
      (response) => response.status,
      () => 0,
    );
  return await Promise.all(ways.map(status));
}

const serialOf = ({ certificate }: Issued) => new X509Certificate(certificate).serialNumber;

test("a certificate that was taken back has no handshake by any way", async () => {
  const [good, bad] = [clients.issue(std), clients.issue(std)];
  const crl = clients.revocationList({ serials: [serialOf(bad)] });
  const ways: Way[] = ["sanitizing", "single", "builtIn"];
  expect(await judge({ clients, crl }, ways, bad)).toEqual([0, 0, 0]);
  expect(await judge({ clients, crl }, ways, good)).toEqual([200, 200, 200]);
});

test("of an authority below that was taken back, nobody has a handshake", async () => {
  const { certificate, key } = below.issue(std);
  const client = { certificate: certificate + below.chain, key };
  const crl =
    clients.revocationList({ serials: [new X509Certificate(below.certificate).serialNumber] }) +
    below.revocationList({ serials: [] });
  expect(await judge({ clients, crl }, ["sanitizing", "builtIn"], client)).toEqual([0, 0]);
});

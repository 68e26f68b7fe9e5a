import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListenerTls } from "@application-connector/forward";
import { createAuthority, type Issued } from "@application-connector/x509";
import { describe, expect, onTestFinished, test } from "vitest";
import { readCertificateFiles } from "./certificate-files.ts";
import { followFiles } from "./follow-files.ts";

const authority = createAuthority({ subject: "CN=CA" });
const pair = (name: string) => authority.issue({ subject: `CN=${name}`, usage: ["server"] });

async function world(lists?: { crl: string; deny: string }) {
  const folder = await mkdtemp(join(tmpdir(), "follow-"));
  const file = (name: string) => join(folder, name);
  const files = {
    mtlsCertFile: file("tls.crt"),
    mtlsKeyFile: file("tls.key"),
    mtlsClientCaFile: file("ca.crt"),
    mtlsCrlFile: lists === undefined ? "" : file("ca.crl"),
    mtlsDenyFile: lists === undefined ? "" : file("deny"),
  };
  if (lists !== undefined) {
    await writeFile(files.mtlsCrlFile, lists.crl);
    await writeFile(files.mtlsDenyFile, lists.deny);
  }
  const write = async ({ certificate, key }: Issued) => {
    await writeFile(files.mtlsKeyFile, key);
    await writeFile(files.mtlsCertFile, certificate);
  };
  await writeFile(files.mtlsClientCaFile, authority.certificate);
  const first = pair("first");
  await write(first);

  const served: string[] = [];
  const tls: ListenerTls[] = [];
  const lines: string[] = [];
  const line = (level: string) => (fields: { reason?: string }) => void lines.push(`${level} ${fields.reason ?? ""}`);
  const following = followFiles({
    files,
    current: await readCertificateFiles(files),
    listener: {
      setTls(next: ListenerTls) {
        served.push(next.cert);
        tls.push(next);
      },
    },
    log: { info: line("info"), error: line("error") } as unknown as Parameters<typeof followFiles>[0]["log"],
    intervalMs: 10,
  });
  onTestFinished(async () => {
    following.stop();
    await rm(folder, { recursive: true });
  });
  return { file, files, write, served, tls, lines };
}

test("a new pair is served, once", async () => {
  const { write, served } = await world();
  const second = pair("second");
  await write(second);
  await expect.poll(() => served).toEqual([second.certificate]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(served).toHaveLength(1);
});

test("a pair that does not fit, a broken file or a missing one changes nothing, and is told once", async () => {
  const { files, write, served, lines } = await world();
  await writeFile(files.mtlsCertFile, "broken");
  const said = () => lines.join("\n");
  await expect.poll(said).toContain("tls.crt holds no certificate");
  await writeFile(files.mtlsCertFile, pair("of another key").certificate);
  await expect.poll(said).toContain("are no usable pair");
  await writeFile(files.mtlsClientCaFile, "");
  await expect.poll(said).toContain("ca.crt holds no certificate");
  const two = authority.certificate + createAuthority({ subject: "CN=Another CA" }).certificate;
  await writeFile(files.mtlsClientCaFile, two.slice(0, -100));
  await expect.poll(said).toContain("ca.crt holds a broken certificate");
  await writeFile(files.mtlsClientCaFile, authority.intermediate("CN=Below").certificate);
  await expect.poll(said).toContain("ca.crt holds no root authority, so that nobody could connect");
  expect(said()).toContain("add the one above CN=Below");
  await unlink(files.mtlsCertFile);
  await expect.poll(said).toContain("tls.crt cannot be read");
  expect(served).toEqual([]);
  const told = lines.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lines).toHaveLength(told);

  const next = pair("next");
  await writeFile(files.mtlsClientCaFile, authority.certificate);
  await write(next);
  await expect.poll(() => served).toEqual([next.certificate]);
});

test("a swapped link counts as a change, as Kubernetes changes mounted Secrets", async () => {
  const { file, files, served } = await world();
  const second = pair("second");
  await writeFile(file("new.crt"), second.certificate);
  await writeFile(file("new.key"), second.key);
  for (const [link, to] of [
    [files.mtlsCertFile, "new.crt"],
    [files.mtlsKeyFile, "new.key"],
  ] as const) {
    await unlink(link);
    await symlink(to, link);
  }
  await expect.poll(() => served).toEqual([second.certificate]);
});

test.each([
  ["cut in the middle", (pem: string) => pem.slice(0, pem.length / 2)],
  ["with a broken one behind a good one", (pem: string) => pem + pem.replace(/^MI/m, "AA")],
  ["with one that never ends before a good one", (pem: string) => pem.slice(0, -30) + pem],
])("authorities %s are refused as a whole", async (_title, damage) => {
  const { files } = await world();
  await writeFile(files.mtlsClientCaFile, damage(authority.certificate));
  await expect(readCertificateFiles(files)).rejects.toThrow("ca.crt holds a broken certificate");
});

describe("lists", () => {
  const other = createAuthority({ subject: "CN=Other CA" });
  const client = new X509Certificate(authority.issue({ subject: "CN=client", usage: ["client"] }).certificate);
  async function listed() {
    const around = await world({ crl: authority.revocationList({ serials: [] }), deny: "# nobody\n" });
    return around;
  }
  const denies = ({ admits }: ListenerTls) => admits?.(client) === false;
  const drops = ({ keeps }: ListenerTls) => keeps?.(client) === false;

  test("that change are served, and decide about connections that are open", async () => {
    const { files, tls } = await listed();
    await writeFile(files.mtlsDenyFile, client.fingerprint256);
    await expect.poll(() => tls.map(denies)).toEqual([true]);
    expect(tls.map(drops)).toEqual([true]);
    await writeFile(files.mtlsDenyFile, "");
    await expect.poll(() => tls.map(denies)).toEqual([true, false]);
    await writeFile(files.mtlsCrlFile, authority.revocationList({ serials: [client.serialNumber] }));
    await expect.poll(() => tls.map(drops)).toEqual([true, false, true]);
    expect(tls.at(-1)?.crl).toHaveLength(1);
  });

  test.each([
    [
      "a list that nobody can read",
      "mtlsCrlFile",
      "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
      "not a revocation list",
    ],
    ["no list", "mtlsCrlFile", "hello", "holds no x509 crl"],
    [
      "half a list",
      "mtlsCrlFile",
      authority.revocationList({ serials: [] }).slice(0, -30),
      "holds a broken revocation list",
    ],
    ["another authority's list alone", "mtlsCrlFile", other.revocationList({ serials: [] }), "has no list of CN=CA"],
    [
      "a list that a namesake signed",
      "mtlsCrlFile",
      createAuthority({ subject: "CN=CA" }).revocationList({ serials: [] }),
      "is not signed by it",
    ],
    ["a deny list with a line that nobody can read", "mtlsDenyFile", "hello", "line 1 is no SHA-256"],
  ] as const)("%s changes nothing, and is told", async (_title, file, text, reason) => {
    const { files, tls, lines } = await listed();
    await writeFile(files[file], text);
    await expect.poll(() => lines.join()).toContain(reason);
    expect(tls).toEqual([]);
  });

  test("one that is out of date is served all the same, and told: handshakes fail then", async () => {
    const { files, tls, lines } = await listed();
    const past = { thisUpdate: new Date(Date.now() - 172_800_000), nextUpdate: new Date(Date.now() - 86_400_000) };
    await writeFile(files.mtlsCrlFile, authority.revocationList({ serials: [], ...past }));
    await expect.poll(() => tls.length).toBe(1);
    expect(lines.join()).toContain("a revocation list is out of date");
  });
});

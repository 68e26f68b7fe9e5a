import { mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ListenerTls } from "@application-connector/forward";
import { createAuthority, type Issued } from "@application-connector/x509";
import { expect, onTestFinished, test } from "vitest";
import { readCertificateFiles } from "./certificate-files.ts";
import { followFiles } from "./follow-files.ts";

const authority = createAuthority({ subject: "CN=CA" });
const pair = (name: string) => authority.issue({ subject: `CN=${name}`, usage: ["server"] });

async function world() {
  const folder = await mkdtemp(join(tmpdir(), "follow-"));
  const file = (name: string) => join(folder, name);
  const files = { mtlsCertFile: file("tls.crt"), mtlsKeyFile: file("tls.key"), mtlsClientCaFile: file("ca.crt") };
  const write = async ({ certificate, key }: Issued) => {
    await writeFile(files.mtlsKeyFile, key);
    await writeFile(files.mtlsCertFile, certificate);
  };
  await writeFile(files.mtlsClientCaFile, authority.certificate);
  const first = pair("first");
  await write(first);

  const served: string[] = [];
  const lines: string[] = [];
  const line = (level: string) => (fields: { reason?: string }) => void lines.push(`${level} ${fields.reason ?? ""}`);
  const following = followFiles({
    files,
    current: await readCertificateFiles(files),
    listener: { setTls: ({ cert }: ListenerTls) => void served.push(cert) },
    log: { info: line("info"), error: line("error") } as unknown as Parameters<typeof followFiles>[0]["log"],
    intervalMs: 10,
  });
  onTestFinished(async () => {
    following.stop();
    await rm(folder, { recursive: true });
  });
  return { file, files, write, served, lines };
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

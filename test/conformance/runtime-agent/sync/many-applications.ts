import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { schema, start } from "@application-connector/application-gateway";
import { loadConfig } from "@application-connector/service";
import { expect, onTestFinished } from "vitest";
import { until } from "../world.ts";
import { api } from "./formation.ts";
import { type Program, startedProgram } from "./program-world.ts";

const pageSize = 100;
/** Beyond the wait for the next round; that an unchanged round of this size takes less is for the benchmark to show. */
const visibleWithinMs = 30_000;

/** So many applications with two bundles and a credential each: what they cost once they are mirrored. */
export async function mirrorsMany(count: number): Promise<void> {
  const program = await startedProgram();
  const { ucl, admin, kubeApi, round, asked, applications, secrets } = program;
  ucl.seed({ applications: { count, bundles: 2, apis: 3, auth: "basic", formations: ["formation"] } });
  expect((await round()).result).toBe("synchronized");
  expect([applications().length, Object.keys(secrets()).length]).toEqual([count, 2 * count]);
  const written = () =>
    kubeApi.requests
      .list()
      .filter(({ method, resource }) => method !== "GET" && /^(applications|secrets)/.test(resource))
      .filter(({ url }) => !url.includes("fieldManager=application-gateway"));
  const listed = () => kubeApi.requests.count({ verb: "list", resource: "applications" });

  await round();
  kubeApi.requests.clear();
  asked("nothing");
  expect((await round()).result).toBe("synchronized");
  expect({ written: written(), listed: listed() }).toEqual({ written: [], listed: 0 });
  expect(asked("applicationsForRuntime")).toBe(Math.ceil(count / pageSize));

  const [target, gateway] = [await startTarget(), await startGateway(program)];
  const [changed] = applications();
  const [bundle] = await admin.bundlesOf(changed?.spec.compassMetadata.applicationId);
  await admin.ask(
    "mutation ($id: ID!, $in: APIDefinitionInput!) { result: addAPIDefinitionToBundle(bundleID: $id, in: $in) { id } }",
    { id: bundle?.id, in: api("added", target) },
  );
  kubeApi.requests.clear();
  const rounds = round();
  const url = `${gateway}/${changed?.metadata["name"]}/${bundle?.name}/added`;
  await until(async () => (await fetch(url)).status === 200, visibleWithinMs);
  await rounds;
  expect(written().map(({ method, resource, name }) => [method, resource, name])).toEqual([
    ["PATCH", "applications", changed?.metadata["name"]],
  ]);
}

async function startTarget(): Promise<string> {
  const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Returns where it answers under paths of bundles. */
async function startGateway({ kubeApi }: Program): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "many-applications-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, kubeApi.kubeconfig());
  const ports = ["proxyPort", "proxyPortCompass", "externalAPIPort"].map((name) => `--${name}=0`);
  const flags = [`--kubeConfig=${kubeconfig}`, "--listenAddress=127.0.0.1", "--logLevel=fatal", ...ports];
  const gateway = await start(loadConfig(schema, flags, {}));
  onTestFinished(async () => {
    await gateway.stop({ readyDelayMs: 0 });
    rmSync(folder, { recursive: true, force: true });
  });
  return `http://127.0.0.1:${gateway.ports.proxyCompass}`;
}

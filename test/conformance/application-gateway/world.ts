import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type ApplicationGateway,
  type Config,
  type Surroundings,
  schema,
  start,
} from "@application-connector/application-gateway";
import { type ApplicationEntry, type ApplicationSpec, customResourceDefinitions } from "@application-connector/crds";
import { type ExternalSystem, startExternalSystem } from "@application-connector/external-system-emulator";
import { type IdentityProvider, startIdentityProvider } from "@application-connector/identity-provider-emulator";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { loadConfig } from "@application-connector/service";
import { type Authority, createAuthority } from "@application-connector/x509";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { testedEngine } from "../tested-engine.ts";
import { type Answered, type CallOptions, call, valuesOf } from "./http.ts";
import { lastWords, tokenFileFor } from "./last-words.ts";
import { markDifferences } from "./other/mark-differences.ts";
import { apiOptionsForOther, isOurs, type OtherGateway, startOther } from "./other/other-gateway.ts";
import { openCollector } from "./otlp-collector.ts";
import { ledger } from "./secrecy-ledger.ts";

if (!isOurs) markDifferences();

export const namespace = "kyma-system";
const annotationPrefix = "application-gateway.kyma-project.io/";

export interface ServiceInput {
  displayName: string;
  name?: string;
  entries: Partial<ApplicationEntry>[];
}

/** A cluster, an external system and an identity provider, all emulated, and the gateway between them. */
export interface World {
  readonly authority: Authority;
  readonly cluster: KubeApi;
  readonly kubeconfig: string;
  readonly target: ExternalSystem;
  readonly idp: IdentityProvider;
  gateway: OtherGateway;
  /** Writes an Application and returns its name. Annotations are named without their prefix. */
  application(
    services: ServiceInput[],
    spec?: Partial<ApplicationSpec>,
    name?: string,
    annotations?: Record<string, string>,
  ): string;
  /** Writes a Secret with text values and returns its name. */
  secret(data: Record<string, string>, name?: string): string;
  /** An Application with one service `s` and one API; its name. */
  api(entry?: Partial<ApplicationEntry>, spec?: Partial<ApplicationSpec>, annotations?: Record<string, string>): string;
  /** Resolves when the gateway has seen everything that was written. */
  settled(): Promise<void>;
  /** Port 8080. */
  call(path: string, options?: CallOptions): Promise<Answered>;
  /** Port 8082. */
  callBundle(path: string, options?: CallOptions): Promise<Answered>;
  /** Port 8081. */
  callHealth(path: string, options?: CallOptions): Promise<Answered>;
  stop(): Promise<void>;
}

/** What a test that looks at the target's side of a call wants of the echo. */
export interface Echo {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: { length: number; utf8: string };
  connection: { tls: { clientSubject?: string } | null };
}

export function configFor(kubeConfig: string, overrides: Partial<Config> = {}): Config {
  return {
    ...loadConfig(schema, [], {}),
    kubeConfig,
    engine: testedEngine,
    proxyPort: 0,
    proxyPortCompass: 0,
    externalApiPort: 0,
    listenAddress: "127.0.0.1",
    logLevel: "debug",
    reportStatus: false,
    diagnosis: "token",
    diagnosisTokenFile: tokenFileFor(kubeConfig),
    shutdownTimeoutMs: 2_000,
    ...overrides,
  };
}

export async function createWorld(overrides: Partial<Config> = {}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), "gateway-"));
  const authority = apiOptionsForOther()?.authority ?? createAuthority({ subject: "CN=test" });
  const cluster = await startKubeApi({ authority, crds: customResourceDefinitions, ...apiOptionsForOther() });
  const target = await startExternalSystem({ authority, verifyToken: (token) => idp.isValid(token) });
  const idp = await startIdentityProvider({ authority, clients: [{ id: "client", secret: "client-secret" }] });
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig());
  cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const collector = await openCollector();
  const gateway = await startUnderTest(configFor(kubeconfig, overrides), collector.variables);
  // Another gateway may remember the objects of the last test file.
  const prefix = isOurs ? "" : `${randomBytes(3).toString("hex")}-`;
  let names = 0;
  let marks = 0;

  const world: World = {
    authority,
    cluster,
    kubeconfig,
    target,
    idp,
    gateway,
    application(services, spec = {}, name = `${prefix}app-${++names}`, annotations = {}) {
      const named = Object.entries(annotations).map(([key, text]) => [annotationPrefix + key, text]);
      cluster.apply({
        apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
        kind: "Application",
        metadata: { name, ...(named.length > 0 ? { annotations: Object.fromEntries(named) } : {}) },
        spec: { description: "", skipVerify: false, ...spec, services: services.map(serviceOf) },
      });
      return name;
    },
    secret(data, name = `${prefix}secret-${++names}`) {
      if (!name.includes("marker")) ledger.data(name, data);
      const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
      cluster.delete({ apiVersion: "v1", kind: "Secret", name, namespace });
      cluster.create({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        data: Object.fromEntries(encoded),
      });
      return name;
    },
    api(entry = {}, spec, annotations) {
      return world.application([{ displayName: "s", entries: [entry] }], spec, undefined, annotations);
    },
    async settled() {
      // Both kinds come in order, so when the last of each has arrived, all before it have.
      const mark = `mark-${++marks}`;
      const marker = isOurs ? "marker" : `${prefix}marker-${marks}`;
      world.secret({ username: mark, password: "" }, marker);
      const credentials = { type: "Basic", secretName: marker };
      world.application(
        [{ displayName: "s", entries: [{ targetUrl: `${target.url}/${mark}`, credentials }] }],
        {},
        marker,
      );
      const expected = `Basic ${Buffer.from(`${mark}:`).toString("base64")}`;
      await until(async () => {
        const { status, body } = await world.call(`/${marker}/s`);
        if (status !== 200) return false;
        const seen = JSON.parse(body.toString()) as Echo;
        return seen.url === `/${mark}` && headersOf(seen, "authorization")[0] === expected;
      });
      target.requests.clear();
    },
    call: (to, options) => call(world.gateway.ports.proxy, to, options),
    callBundle: (to, options) => call(world.gateway.ports.proxyCompass, to, options),
    callHealth: (to, options) => call(world.gateway.ports.externalApi, to, options),
    async stop() {
      await lastWords(world.gateway.ports.externalApi);
      await world.gateway.stop();
      for (const { token } of idp.tokens) ledger.secret(token, "a token of the identity provider");
      await Promise.all([cluster.stop(), target.stop(), idp.stop(), collector.stop()]);
      rmSync(folder, { recursive: true, force: true });
      if (isOurs) ledger.check();
    },
  };

  function serviceOf({ displayName, name = `name-of-${displayName}`, entries }: ServiceInput, index: number) {
    return {
      id: `id-${index}`,
      name,
      displayName,
      description: "",
      providerDisplayName: "",
      entries: entries.map((entry) => ({ type: "API", targetUrl: target.url, ...entry })),
    };
  }

  return world;
}

/** Ours, with what its tests need; or the one that the suite was pointed at. */
async function startUnderTest(config: Config, env: NodeJS.ProcessEnv): Promise<OtherGateway> {
  if (!isOurs) return await startOther(config);
  // The target sees what it would see without: its side of the calls is what most tests are about.
  const gateway = await startGateway(config, { ...env, OTEL_PROPAGATORS: "none" });
  await gateway.synced;
  return gateway;
}

/** A gateway in this process; what it logs and tells is searched for secrets when its world ends. */
export async function startGateway(
  config: Config,
  env: NodeJS.ProcessEnv = {},
  more: Pick<Surroundings, "statusPace"> = {},
): Promise<ApplicationGateway> {
  const lines: string[] = [];
  ledger.said("the log of a gateway", () => lines.join(""));
  return await start(config, undefined, { logDestination: { write: (line) => void lines.push(line) }, env, ...more });
}

/** Likewise, for one test. */
export async function startedGateway(
  config: Config,
  more: Pick<Surroundings, "statusPace"> = {},
): Promise<ApplicationGateway> {
  const gateway = await startGateway(config, {}, more);
  onTestFinished(async () => {
    await lastWords(gateway.ports.externalApi);
    await gateway.stop();
  });
  return gateway;
}

/** One world for all tests of a file. */
export function useWorld(overrides: Partial<Config> = {}): World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await createWorld(overrides);
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
  });
  return new Proxy({} as World, {
    get: (_, name) => Reflect.get(world as World, name),
    set: (_, name, value) => Reflect.set(world as World, name, value),
  });
}

export function echoOf(answer: Answered): Echo {
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body.toString()}`);
  return JSON.parse(answer.body.toString()) as Echo;
}

export function headersOf({ headers }: { headers: readonly (readonly [string, string])[] }, name: string): string[] {
  return headers.filter(([given]) => given.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** What our gateway says of an error that it made; another one is not asked (DV-19). */
export function expectReason(answer: Answered, reason: string): void {
  if (!isOurs) return;
  expect(valuesOf(answer, "application-gateway-error")).toEqual([reason]);
  expect(valuesOf(answer, "x-error-origin")).toEqual(["Application Gateway"]);
  expect(errorOf(answer).code).toBe(answer.status);
}

export function errorOf(answer: Answered): { code: number; error: string } {
  return JSON.parse(answer.body.toString()) as { code: number; error: string };
}

/** Waits for a condition; what it waits for happens elsewhere, so there is no event to wait for. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectivityValidator, checkConfig, schema, start } from "@application-connector/connectivity-validator";
import { customResourceDefinitions } from "@application-connector/crds";
import { type KubeApi, startKubeApi } from "@application-connector/kube-api-emulator";
import { loadConfig } from "@application-connector/service";
import { testedEngine } from "../tested-engine.ts";
import type { Profile } from "./certificates.ts";
import { type Echo, type EchoServer, startEcho } from "./echo-server.ts";
import {
  admin,
  apiPort,
  eventingPort,
  lastingAuthority,
  type OtherValidator,
  otherValidator,
  startCommand,
} from "./other/other-validator.ts";
import { type RawResponse, sendRaw } from "./raw-client.ts";

/** The flags of upstream's manifest, but for ports and Eventing's address. */
const upstreamFlags = [
  "--proxyPort=0",
  "--externalAPIPort=0",
  "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
  "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
  "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
  "--eventingDestinationPath=/publish",
  "--appNamePlaceholder=%%APP_NAME%%",
];
/** And what keeps a test's validator to itself. */
export const manifestFlags = [
  ...upstreamFlags,
  `--engine=${testedEngine}`,
  "--listenAddress=127.0.0.1",
  "--logLevel=fatal",
  "--drainDelay=0s",
  "--shutdownTimeout=2s",
];

const apiVersion = "applicationconnector.kyma-project.io/v1alpha1";

export const application = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion,
  kind: "Application",
  metadata: { name, ...metadata },
  spec: { services: [], ...spec },
});
export const reference = (name: string) => ({ apiVersion, kind: "Application", name });
export const ucl = (...clientIds: string[]) => ({ compassMetadata: { authentication: { clientIds } } });

export interface Call {
  method?: string;
  xfcc?: string | string[] | undefined;
  headers?: readonly string[];
  body?: string | Buffer;
}

export interface World {
  readonly validator: ConnectivityValidator;
  readonly kubeApi: KubeApi;
  readonly echo: EchoServer;
  readonly kubeconfig: string;
  /** One request, byte for byte as told, on a connection of its own. */
  call(path: string, call?: Call): Promise<RawResponse>;
  /** The same, as the echo saw it. */
  echoOf(path: string, call?: Call): Promise<Echo>;
  health(path: string, method?: string): Promise<RawResponse>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  profile?: Profile;
  flags?: string[];
  applications?: readonly object[];
  /** What the API server takes for an Application; ours when absent. */
  crds?: typeof customResourceDefinitions;
  /** The API server is down when the validator starts. */
  withoutApi?: boolean;
  /** It is not waited for until it is ready: what it needs is not there. */
  unready?: boolean;
}

export const fixtures = [
  application("std"),
  application("ucl", ucl("clientId1", "clientId2")),
  application("dotted.app-1"),
  application("meta0", ucl()),
];

/** An API server, an echo for Eventing and the started validator between them, all on loopback. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  if (otherValidator !== undefined) return await startOtherWorld(otherValidator, options);
  const folder = await mkdtemp(join(tmpdir(), "validator-"));
  const kubeApi = await startKubeApi({ crds: options.crds ?? customResourceDefinitions });
  for (const object of options.applications ?? fixtures) kubeApi.create(object as Parameters<KubeApi["create"]>[0]);
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeApi.kubeconfig(), { mode: 0o600 });
  if (options.withoutApi) await kubeApi.stop();
  const echo = await startEcho();
  const flags = [
    ...manifestFlags,
    `--kubeconfig=${kubeconfig}`,
    `--eventingPublisherHost=127.0.0.1:${echo.port}`,
    `--securityProfile=${options.profile ?? "compat"}`,
    ...(options.flags ?? []),
  ];
  const validator = await start(loadConfig(schema, flags, {}, checkConfig));
  const { health, ...rest } = client(validator.ports);
  if (!options.withoutApi && !options.unready) await eventually(async () => (await health("/readyz")).status === 200);
  return {
    validator,
    kubeApi,
    echo,
    kubeconfig,
    health,
    ...rest,
    async stop() {
      await validator.stop();
      await echo.stop();
      await kubeApi.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The same around a validator that is not ours; of the options, only what upstream knows of. */
async function startOtherWorld(subject: OtherValidator, { applications, crds }: WorldOptions): Promise<World> {
  const runs = subject.kind === "address";
  const folder = runs ? subject.folder : await mkdtemp(join(tmpdir(), "validator-"));
  // A server of another world is no server restored from a backup: revisions go on, and the old ones are gone.
  const lasting = runs
    ? { port: apiPort, authority: lastingAuthority(folder), users: [admin], firstRevision: Date.now() }
    : {};
  const kubeApi = await startKubeApi({ crds: crds ?? customResourceDefinitions, ...lasting });
  // Of a name of its own: one that runs already may still know those of the world before.
  const last = `last-${randomUUID()}`;
  const known = [...(applications ?? fixtures), application(last)];
  for (const object of known) kubeApi.create(object as Parameters<KubeApi["create"]>[0]);
  if (runs) kubeApi.compact();
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeApi.kubeconfig(runs ? admin.token : undefined), { mode: 0o600 });
  const echo = await startEcho(runs ? eventingPort : 0);
  const flags = upstreamFlags.filter((flag) => !/^--(proxyPort|externalAPIPort)/.test(flag));
  const own = [...flags, `--kubeconfig=${kubeconfig}`, `--eventingPublisherHost=127.0.0.1:${echo.port}`];
  const validator = runs
    ? { ports: { proxy: subject.proxy, externalApi: subject.health }, stop: async () => undefined }
    : await startCommand(subject.command, own);
  const { call, ...rest } = client(validator.ports);
  const xfcc = `Subject="CN=${last}"`;
  const knows = async () => (await call(`/${last}/v1/events`, { xfcc }).catch(() => undefined))?.status === 200;
  await eventually(knows, runs ? 300_000 : 30_000);
  return {
    // What tests ask of it beyond ports and end belongs to cases that are not comparable.
    validator: validator as unknown as ConnectivityValidator,
    kubeApi,
    echo,
    kubeconfig,
    call,
    ...rest,
    async stop() {
      await validator.stop();
      await echo.stop();
      await kubeApi.stop();
      if (!runs) await rm(folder, { recursive: true });
    },
  };
}

function client(ports: { readonly proxy: number; readonly externalApi: number }) {
  const call = (path: string, given: Call = {}) => sendRaw(ports.proxy, request(path, given));
  return {
    call,
    health: (path: string, method = "GET") =>
      sendRaw(ports.externalApi, `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    async echoOf(path: string, given?: Call) {
      const response = await call(path, given);
      if (response.status !== 200) throw new Error(`answered ${response.status} ${response.text}`);
      return JSON.parse(response.text) as Echo;
    },
  };
}

export async function eventually(condition: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await condition()); ) {
    if (performance.now() > deadline) throw new Error(`the validator is not ready after ${withinMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The bytes of a request; a body gets its Content-Length unless the headers frame it. */
export function request(path: string, { method = "POST", xfcc, headers = [], body }: Call): Buffer {
  const own = [xfcc ?? []].flat().map((value) => `X-Forwarded-Client-Cert: ${value}`);
  const framed = headers.some((line) => /^(content-length|transfer-encoding):/i.test(line));
  const length = body === undefined || framed ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: gateway.example.com",
    "Connection: close",
    ...own,
    ...headers,
    ...length,
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body ?? "")]);
}

export const valuesOf = (echo: Echo, name: string): string[] =>
  echo.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { type Authority, createAuthority, type Issued } from "@application-connector/x509";
import { anyBody, binaryEvent } from "../conformance/connectivity-validator/events.ts";
import { type RawResponse, sendRaw } from "../conformance/connectivity-validator/raw-client.ts";
import { type Call, request, startWorld, type World } from "../conformance/connectivity-validator/world.ts";
import { type Envoy, startEnvoy } from "./envoy.ts";
import { type ClientCert, httpCluster, httpListener } from "./envoy-resources.ts";

/**
 * The ways to the validator. `sanitizing` and `appending` are gateways that say so of the header, each in front of a
 * sidecar; `single` is a gateway in front of a validator without a sidecar; `evil` is another workload's proxy, which
 * the sidecar takes for a client; `builtIn` is the validator's own listener for mutual TLS.
 */
export const ways = ["sanitizing", "appending", "single", "evil", "builtIn"] as const;
export type Way = (typeof ways)[number];

export interface Mesh {
  readonly world: World;
  /** Signs client certificates. */
  readonly clients: Authority;
  /** One request with this certificate. Rejects when there is no handshake. */
  call(way: Way | "shown", path: string, client: Issued | undefined, call?: Call): Promise<RawResponse>;
  /** `X-Forwarded-Client-Cert` as a gateway writes it, certificate included. */
  headerOf(client: Issued): Promise<string>;
  tls(client: Issued | undefined): ConnectionOptions;
  port(way: Way | "shown"): number;
  stop(): Promise<void>;
}

export interface MeshOptions {
  readonly applications: readonly object[];
  readonly clients?: Authority;
  /** PEM; the root of `clients` unless given. */
  readonly clientAuthorities?: string;
  /** PEM; revocation lists of them. */
  readonly crl?: string;
}

const trustDomain = "spiffe://cluster.local/ns";
/** What Istio's gateway tells, and its sidecar. */
const gatewayDetails: ClientCert["details"] = ["subject", "cert", "uri", "dns"];
const sidecarDetails: ClientCert["details"] = ["subject", "uri", "dns"];

/** Real proxies in front of two validators, one for a mesh and one for a single gateway, and an echo for Eventing. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const { applications, clients = createAuthority({ subject: "CN=Client CA" }) } = options;
  const { clientAuthorities = clients.certificate, crl } = options;
  const servers = createAuthority({ subject: "CN=Server CA" });
  const server = servers.issue({ subject: "CN=gateway", usage: ["server"], dnsNames: ["gateway.local"] });
  const folder = await mkdtemp(join(tmpdir(), "ingress-"));
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const mtlsFlags = [
    "--mtlsPort=-1",
    `--mtlsCertFile=${await file("tls.crt", server.certificate)}`,
    `--mtlsKeyFile=${await file("tls.key", server.key)}`,
    `--mtlsClientCAFile=${await file("ca.crt", clientAuthorities)}`,
    ...(crl === undefined ? [] : [`--mtlsCRLFile=${await file("ca.crl", crl)}`]),
  ];
  const world = await startWorld({ profile: "strict", applications, flags: mtlsFlags });
  const alone = await startWorld({ profile: "strict", applications, flags: ["--xfccElements=1"] });
  const { envoy, stopProxies } = await startProxies({ server, clientAuthorities, crl }, world, alone);

  const trust: ConnectionOptions = { ca: servers.certificate, servername: "gateway.local" };
  const tls = (client: Issued | undefined): ConnectionOptions =>
    client === undefined ? trust : { ...trust, cert: client.certificate, key: client.key };
  const port = (way: Way | "shown") => (way === "builtIn" ? (world.validator.ports.mtls ?? 0) : envoy(way));
  const call: Mesh["call"] = (way, path, client, more = {}) => {
    const application = path.split("/")[1] ?? "";
    return sendRaw(
      port(way),
      request(path, { headers: binaryEvent(application), body: anyBody, ...more }),
      tls(client),
    );
  };
  return {
    world,
    clients,
    call,
    tls,
    port,
    async headerOf(client) {
      const { status, text } = await call("shown", "/x/events", client);
      if (status !== 200) throw new Error(`answered ${status} ${text}`);
      const echo = JSON.parse(text) as { headers: [string, string][] };
      return echo.headers.find(([name]) => name.toLowerCase() === "x-forwarded-client-cert")?.[1] ?? "";
    },
    async stop() {
      await stopProxies();
      await Promise.all([world.stop(), alone.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

interface Front {
  readonly server: Issued;
  readonly clientAuthorities: string;
  readonly crl: string | undefined;
}

/** The sidecar first: the gateways must know its port. */
async function startProxies({ server, clientAuthorities, crl }: Front, world: World, alone: World) {
  const mesh = createAuthority({ subject: "O=cluster.local" });
  const workload = (name: string) =>
    mesh.issue({ subject: [], usage: ["client", "server"], uris: [`${trustDomain}/${name}`] });
  const inMesh = { trusted: mesh.certificate };
  const sidecar = await startEnvoy({
    listeners: [
      httpListener({
        name: "sidecar",
        clientCert: { mode: "APPEND_FORWARD", details: sidecarDetails },
        cluster: "validator",
        tls: {
          server: workload("kyma-system/sa/central-application-connectivity-validator"),
          clientAuthorities: mesh.certificate,
        },
      }),
    ],
    clusters: [httpCluster("validator", world.validator.ports.proxy)],
  });
  const entry = (name: Way | "shown", mode: ClientCert["mode"], cluster: string) =>
    httpListener({
      name,
      cluster,
      clientCert: { mode, details: gatewayDetails },
      tls: { server, clientAuthorities, ...(crl === undefined ? {} : { crl }) },
    });
  let gateways: Envoy;
  try {
    gateways = await startEnvoy({
      listeners: [
        entry("sanitizing", "SANITIZE_SET", "as-gateway"),
        entry("appending", "APPEND_FORWARD", "as-gateway"),
        entry("evil", "ALWAYS_FORWARD_ONLY", "as-evil"),
        entry("single", "SANITIZE_SET", "alone"),
        entry("shown", "SANITIZE_SET", "echo"),
      ],
      clusters: [
        httpCluster("as-gateway", sidecar.port("sidecar"), {
          ...workload("istio-system/sa/istio-ingressgateway-service-account"),
          ...inMesh,
        }),
        httpCluster("as-evil", sidecar.port("sidecar"), { ...workload("evil/sa/evil"), ...inMesh }),
        httpCluster("alone", alone.validator.ports.proxy),
        httpCluster("echo", alone.echo.port),
      ],
    });
  } catch (error) {
    await sidecar.stop();
    throw error;
  }
  return {
    envoy: (listener: string) => gateways.port(listener),
    stopProxies: async () => void (await Promise.all([gateways.stop(), sidecar.stop()])),
  };
}

import type { AddressInfo } from "node:net";
import { type Authority, createAuthority } from "@application-connector/x509";
import { adminRoutes } from "./admin/admin-routes.ts";
import { administratorOf } from "./admin/administrator.ts";
import { type Controls, createControls } from "./admin/controls.ts";
import { pageRoutes } from "./admin/page-routes.ts";
import { addTenant } from "./admin/seed.ts";
import { createAuthorities } from "./connector/authorities.ts";
import { createFaults } from "./faults/faults.ts";
import { createApp, onlyForThisMachine } from "./http/apps.ts";
import { clientCertificateOf } from "./http/client-certificate.ts";
import { connectorRoute } from "./http/connector-route.ts";
import { directorRoute } from "./http/director-route.ts";
import { createJournal } from "./http/journal.ts";
import { serveTls, type TlsServer } from "./http/tls-server.ts";
import { createBearers } from "./identity/bearers.ts";
import { authOfCertificate } from "./identity/identity.ts";
import { hydratorRoutes } from "./legacy/hydrator-routes.ts";
import { pairingByCertificate, pairingByToken } from "./legacy/pairing-routes.ts";
import { createClock } from "./model/clock.ts";
import { createModel } from "./model/model.ts";
import { createRandom } from "./model/random.ts";
import type { Settings, World } from "./world.ts";

export interface UclOptions {
  /** Ports of the listeners; 0 takes a free one. */
  port?: number;
  mtlsPort?: number;
  adminPort?: number;
  /** Signs the certificates of UCL's own listeners; one of its own unless given. */
  serverAuthority?: Authority;
  /** Signs clients' certificates at first; must have an RSA key. */
  authority?: Authority;
  /** External id of the tenant that is there from the start. */
  tenant?: string;
  /** Makes ids and tokens the same in every run. */
  seed?: string;
  settings?: Partial<Settings>;
}

export interface Ucl extends Controls {
  readonly tenant: string;
  readonly port: number;
  readonly mtlsPort: number;
  readonly adminPort: number;
  /** Director for people with a bearer token. */
  readonly administratorDirectorURL: string;
  readonly tokenURL: string;
  readonly adminURL: string;
  /** The TLS listeners refuse connections until `resume()`. */
  refuse(): Promise<void>;
  resume(): Promise<void>;
  dropConnections(): void;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
export const defaultTenant = "1eba80dd-8ff6-54ee-be4d-77944d17b10b";

/** Stands in for UCL, formerly Compass: Connector and Director over TLS on the loopback interface. */
export async function startUcl(options: UclOptions = {}): Promise<Ucl> {
  const clock = createClock();
  const random = createRandom(options.seed);
  const world: World = {
    model: createModel(),
    clock,
    random,
    authorities: createAuthorities(options.authority),
    bearers: createBearers(clock, random),
    urls: { connectorURL: "", certificateSecuredConnectorURL: "", directorURL: "", legacyConnectorURL: "" },
    settings: {
      certificateValidityMs: 90 * dayMs,
      serialNumbers: "constant",
      batchesNestedLists: true,
      badCertificates: "answer",
      ...options.settings,
    },
  };
  const tenant = addTenant(world, options.tenant ?? defaultTenant);
  const serverAuthority = options.serverAuthority ?? createAuthority({ subject: "CN=UCL Server CA" });
  const controls = createControls({
    world,
    faults: createFaults(),
    journal: createJournal(),
    serverCa: serverAuthority.certificate,
    administrator: administratorOf(world, tenant),
  });
  const stopping = new AbortController();
  const on = { ...controls, stopped: stopping.signal };

  const gateway = createApp();
  const mtlsGateway = createApp();
  const admin = createApp(64 * 1024 * 1024);
  for (const app of [gateway, mtlsGateway]) app.get("/healthz", async () => ({ status: "ok" }));
  connectorRoute(gateway, world, on, "token");
  directorRoute(gateway, world, on, "token");
  connectorRoute(mtlsGateway, world, on, "mtls");
  directorRoute(mtlsGateway, world, on, "mtls");
  const eventGateway = (): string => "https://gateway.example.com";
  pairingByToken(gateway, world, eventGateway);
  pairingByCertificate(mtlsGateway, world, eventGateway);
  gateway.post("/oauth2/token", async ({ body }) =>
    world.bearers.issue(new URLSearchParams(String(body ?? "")).get("scope") ?? undefined),
  );
  onlyForThisMachine(admin);
  adminRoutes(admin, controls);
  hydratorRoutes(admin, world);
  pageRoutes(admin, world, controls.administrator);

  const servers: TlsServer[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all([gateway.close(), mtlsGateway.close(), admin.close()]);
  };
  try {
    const { certificate, key } = serverAuthority.issue({
      subject: "CN=compass-gateway",
      usage: ["server"],
      dnsNames: ["localhost"],
      ipAddresses: ["127.0.0.1"],
    });
    const shared = { certificate, key, refuses: controls.faults.refusesTls };
    servers.push(await serveTls(gateway, { ...shared, port: options.port ?? 0 }));
    servers.push(
      await serveTls(mtlsGateway, {
        ...shared,
        port: options.mtlsPort ?? 0,
        admits: (socket) =>
          world.settings.badCertificates === "answer" ||
          typeof authOfCertificate(world, clientCertificateOf(socket)?.certificate) !== "string",
      }),
    );
    await admin.listen({ host: "127.0.0.1", port: options.adminPort ?? 0 });
  } catch (error) {
    await stop();
    throw error;
  }
  const [port = 0, mtlsPort = 0] = servers.map((server) => server.port);
  const adminPort = (admin.server.address() as AddressInfo).port;
  Object.assign(world.urls, {
    connectorURL: `https://localhost:${port}/connector/graphql`,
    certificateSecuredConnectorURL: `https://localhost:${mtlsPort}/connector/graphql`,
    directorURL: `https://localhost:${mtlsPort}/director/graphql`,
    legacyConnectorURL: `https://localhost:${port}/v1/applications/signingRequests/info`,
  });

  return Object.defineProperties(
    {
      tenant: tenant.externalId,
      port,
      mtlsPort,
      adminPort,
      administratorDirectorURL: `https://localhost:${port}/director/graphql`,
      tokenURL: `https://localhost:${port}/oauth2/token`,
      adminURL: `http://127.0.0.1:${adminPort}`,
      refuse: async () => void (await Promise.all(servers.map((server) => server.close()))),
      resume: async () => void (await Promise.all(servers.map((server) => server.open()))),
      dropConnections: () => {
        for (const server of servers) server.dropConnections();
      },
      stop,
    },
    Object.getOwnPropertyDescriptors(controls),
  ) as Ucl;
}

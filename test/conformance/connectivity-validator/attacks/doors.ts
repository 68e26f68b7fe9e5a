import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { createAuthority, formatName, type Issued, readSubject, toPem } from "@application-connector/x509";
import { encodePem, GW, type Profile } from "../certificates.ts";
import type { SeenRequest } from "../echo-server.ts";
import { anyBody, binaryEvent } from "../events.ts";
import { sendHttp2 } from "../http2-client.ts";
import { sendRaw } from "../raw-client.ts";
import { request, startWorld, type World } from "../world.ts";

/** What came of a request; status 0: the connection ended without an answer. */
export interface Outcome {
  readonly status: number;
  /** What Eventing got to see of it. */
  readonly seen: readonly SeenRequest[];
}

/** A request of somebody who holds a certificate. */
export interface Knock {
  readonly client: Issued;
  readonly path: string;
  /** Header lines besides the event's; how a gateway would speak of the client is not among them. */
  readonly lines?: readonly string[];
  /** `X-Forwarded-Client-Cert` lines; what a gateway says of the client when absent. */
  readonly xfcc?: readonly string[];
}

/** A listener of the validator, and how one comes to it. */
export interface Door {
  readonly name: string;
  readonly profile: Profile;
  /** Who speaks for the client: a header or the connection itself. */
  readonly witness: "header" | "connection";
  readonly http: 1 | 2;
  knock(knock: Knock): Promise<Outcome>;
}

export interface Doors {
  readonly all: readonly Door[];
  stop(): Promise<void>;
}

export const clients = createAuthority({ subject: "CN=Client CA" });
const servers = createAuthority({ subject: "CN=Server CA" });

/** The element that Envoy writes about a certificate; test/ingress shows that it does. */
export function elementOf({ certificate }: Issued): string {
  const { raw, fingerprint256 } = new X509Certificate(certificate);
  const hash = fingerprint256.replaceAll(":", "").toLowerCase();
  const pem = toPem("CERTIFICATE", raw);
  return `Hash=${hash};Cert="${encodePem(pem)}";Subject="${formatName(readSubject(raw))}";URI=`;
}

/** The port behind an ingress in both profiles, and the port for mutual TLS in both versions of HTTP. */
export async function openDoors(applications: readonly object[]): Promise<Doors> {
  const folder = await mkdtemp(join(tmpdir(), "doors-"));
  const server = servers.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["gateway.local"] });
  await writeFile(join(folder, "tls.crt"), server.certificate);
  await writeFile(join(folder, "tls.key"), server.key);
  await writeFile(join(folder, "ca.crt"), clients.certificate);
  const flags = [
    "--mtlsPort=-1",
    `--mtlsCertFile=${join(folder, "tls.crt")}`,
    `--mtlsKeyFile=${join(folder, "tls.key")}`,
    `--mtlsClientCAFile=${join(folder, "ca.crt")}`,
  ];
  const compat = await startWorld({ profile: "compat", applications, flags });
  const strict = await startWorld({ profile: "strict", applications, flags });
  return {
    all: [
      { name: "compat, header", profile: "compat", witness: "header", http: 1, knock: observed(compat, byHeader) },
      { name: "strict, header", profile: "strict", witness: "header", http: 1, knock: observed(strict, byHeader) },
      { name: "mutual TLS", profile: "compat", witness: "connection", http: 1, knock: observed(compat, byConnection) },
      {
        name: "mutual TLS, HTTP/2",
        profile: "strict",
        witness: "connection",
        http: 2,
        knock: observed(strict, byHttp2),
      },
    ],
    async stop() {
      await Promise.all([compat.stop(), strict.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** One at a time: what Eventing sees meanwhile is of this request. */
function observed(world: World, send: (world: World, knock: Knock) => Promise<number>) {
  return async (knock: Knock): Promise<Outcome> => {
    const before = world.echo.seen.length;
    const status = await send(world, knock).catch(() => 0);
    return { status, seen: world.echo.seen.slice(before) };
  };
}

const eventOf = (path: string) => binaryEvent(path.split("/")[1] ?? "");

async function byHeader(world: World, { client, path, lines = [], xfcc }: Knock): Promise<number> {
  const headers = [...lines, ...eventOf(path)];
  return (await world.call(path, { xfcc: [...(xfcc ?? [elementOf(client) + GW])], headers, body: anyBody })).status;
}

const trust = { ca: servers.certificate, servername: "gateway.local" };
const tlsOf = ({ certificate, key }: Issued): ConnectionOptions => ({ ...trust, cert: certificate, key });

async function byConnection(world: World, { client, path, lines = [], xfcc = [] }: Knock): Promise<number> {
  const bytes = request(path, { xfcc: [...xfcc], headers: [...lines, ...eventOf(path)], body: anyBody });
  return (await sendRaw(world.validator.ports.mtls ?? 0, bytes, tlsOf(client))).status;
}

async function byHttp2(world: World, { client, path, lines = [], xfcc = [] }: Knock): Promise<number> {
  const session = connectHttp2(`https://127.0.0.1:${world.validator.ports.mtls}`, tlsOf(client));
  try {
    const failed = new Promise<never>((_resolve, reject) => session.on("error", reject));
    const own = xfcc.map((value) => `x-forwarded-client-cert: ${value}`);
    const headers: Record<string, string | string[]> = {};
    for (const line of [...own, ...lines, ...eventOf(path)]) {
      const [, name = "", value = ""] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      const known = headers[name.toLowerCase()];
      headers[name.toLowerCase()] = known === undefined ? value : [known, value].flat();
    }
    const sent: OutgoingHttpHeaders = { ":method": "POST", ":path": path, ...headers };
    return (await Promise.race([sendHttp2(session, sent, anyBody), failed])).status;
  } finally {
    session.destroy();
  }
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "@application-connector/x509";
import { X } from "../../connectivity-validator/certificates.ts";
import { startWorld } from "../../connectivity-validator/world.ts";
import type { Engine } from "../../tested-engine.ts";
import type { ListenerSource } from "../listeners.ts";
import { startRecordingTarget } from "../recording-target.ts";

const kibibyte = 1024;

type Name = "events" | "events over mutual TLS" | "health";

/** The Connectivity Validator's port behind an ingress, its port for mutual TLS, and its health port. */
export const validatorListeners = listenersOf("connectivity-validator", "sockets", [
  "events",
  "events over mutual TLS",
  "health",
]);

/** The same with the other engine, which has no part in the health port. */
export const validatorOnNode = listenersOf("connectivity-validator on node", "node", [
  "events",
  "events over mutual TLS",
]);

function listenersOf(program: string, engine: Engine, names: readonly Name[]): ListenerSource<Name> {
  return { program, names, start: () => start(engine) };
}

async function start(engine: Engine): ReturnType<ListenerSource<Name>["start"]> {
  const target = await startRecordingTarget();
  const folder = await mkdtemp(join(tmpdir(), "listeners-"));
  const authority = createAuthority({ subject: "CN=Listeners" });
  const server = authority.issue({
    subject: "CN=server",
    usage: ["server"],
    dnsNames: ["validator.local"],
    keyType: "ec",
  });
  const client = authority.issue({ subject: "CN=std", usage: ["client"], keyType: "ec" });
  await writeFile(join(folder, "tls.crt"), server.certificate);
  await writeFile(join(folder, "tls.key"), server.key);
  await writeFile(join(folder, "ca.crt"), authority.certificate);
  const world = await startWorld({
    flags: [
      `--engine=${engine}`,
      `--eventingPublisherHost=127.0.0.1:${target.port}`,
      "--mtlsPort=-1",
      `--mtlsCertFile=${join(folder, "tls.crt")}`,
      `--mtlsKeyFile=${join(folder, "tls.key")}`,
      `--mtlsClientCAFile=${join(folder, "ca.crt")}`,
      // Longer than a case waits: no connection ends for want of patience.
      "--headersTimeout=20s",
      "--proxyTimeout=20s",
      "--bodyTimeout=20s",
    ],
  });
  const { proxy, mtls = 0, externalApi } = world.validator.ports;
  // The legacy path is the one that is passed on as it came.
  const path = (tag: string): string => `/std/v1/events/${tag}`;
  const isServed = (status: number): boolean => status === 200;
  const trust = {
    ca: authority.certificate,
    servername: "validator.local",
    cert: client.certificate,
    key: client.key,
  };
  return {
    listeners: {
      events: {
        port: proxy,
        place: {
          path,
          head: `Host: h\r\nX-Forwarded-Client-Cert: ${X("compat", "CN=std")}\r\n`,
          maxHeaderBytes: 96 * kibibyte,
        },
        target,
        isServed,
      },
      "events over mutual TLS": {
        port: mtls,
        tls: () => trust,
        place: { path, head: "Host: h\r\n", maxHeaderBytes: 96 * kibibyte },
        target,
        isServed,
      },
      health: {
        port: externalApi,
        place: { path: (tag) => `/v1/health?${tag}`, head: "Host: h\r\n", maxHeaderBytes: 16 * kibibyte },
        isServed,
      },
    },
    async stop() {
      await world.stop();
      await target.stop();
      await rm(folder, { recursive: true });
    },
  };
}

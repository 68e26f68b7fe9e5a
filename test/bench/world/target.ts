import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAuthority } from "@application-connector/x509";
import { freePort, type Running, startProgram } from "./processes.ts";

/** The system behind every proxy: nginx with a fixed answer and a large file, plain and over TLS, and a sink for uploads. */
export interface Target {
  readonly origin: string;
  readonly port: number;
  readonly tlsOrigin: string;
  /** PEM file of the authority that vouches for `tlsOrigin`. */
  readonly caFile: string;
  readonly sinkOrigin: string;
  stop(): Promise<void>;
}

/** For peers that find no IP address in a certificate. */
export const targetName = "target.example";

export async function startTarget(folder: string, blobBytes: number): Promise<Target> {
  const html = path.join(folder, "html");
  mkdirSync(html, { recursive: true });
  const blob = path.join(html, "blob");
  writeFileSync(blob, "");
  truncateSync(blob, blobBytes);
  const [port, tlsPort, sinkPort] = [await freePort(), await freePort(), await freePort()];
  const caFile = writeCertificates(folder);
  const content = `
      root ${html};
      location / { default_type application/json; return 200 '{"id":1,"status":"created"}'; }
      location = /blob { default_type application/octet-stream; }`;
  const nginx = await startNginx(
    "target",
    folder,
    port,
    `
    server { listen 127.0.0.1:${port} backlog=4096; ${content} }
    server {
      listen 127.0.0.1:${tlsPort} ssl backlog=4096;
      ssl_certificate ${path.join(folder, "target.crt")}; ssl_certificate_key ${path.join(folder, "target.key")};
      ${content}
    }`,
  );
  const sink = await startProgram(
    "sink",
    [process.execPath, path.join(import.meta.dirname, "../load/sink.ts"), String(sinkPort)],
    sinkPort,
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    tlsOrigin: `https://127.0.0.1:${tlsPort}`,
    caFile,
    sinkOrigin: `http://127.0.0.1:${sinkPort}`,
    stop: async () => {
      await Promise.all([nginx.stop(), sink.stop()]);
    },
  };
}

function writeCertificates(folder: string): string {
  const authority = createAuthority({ subject: "CN=Bench CA", keyType: "ec" });
  const issued = authority.issue({
    subject: "CN=target",
    usage: ["server"],
    dnsNames: [targetName],
    ipAddresses: ["127.0.0.1"],
  });
  const caFile = path.join(folder, "ca.crt");
  writeFileSync(caFile, authority.certificate);
  writeFileSync(path.join(folder, "target.crt"), issued.certificate);
  writeFileSync(path.join(folder, "target.key"), issued.key);
  return caFile;
}

/** Started by root, the worker would become `nobody`, who may not read a temporary folder. */
const workerUser = process.getuid?.() === 0 ? "user root; " : "";

/** One nginx worker in the foreground, with everything it writes inside the folder. */
export function startNginx(name: string, folder: string, port: number, http: string): Promise<Running> {
  const base = path.join(folder, name);
  mkdirSync(base, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${path.join(base, kind)};`)
    .join(" ");
  writeFileSync(
    path.join(base, "nginx.conf"),
    `${workerUser}daemon off; worker_processes 1; pid ${path.join(base, "pid")}; error_log stderr crit;
    events { worker_connections 8192; }
    http {
      access_log off; sendfile on; keepalive_timeout 75s; keepalive_requests 1000000000; ${temporary}
      ${http}
    }`,
  );
  return startProgram(name, ["nginx", "-e", "stderr", "-p", base, "-c", path.join(base, "nginx.conf")], port);
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, type Running, startProgram } from "./processes.ts";
import { startNginx, type Target } from "./target.ts";

/** What every proxy in the run has been told: the same route, the same credential. */
export interface Work {
  readonly folder: string;
  readonly target: Target;
  readonly prefix: string;
  readonly uploadPrefix: string;
  readonly authorization: string;
  readonly kubeconfig: string;
}

/** A proxy that the subject is compared with. */
export interface Peer {
  readonly name: string;
  /** undefined when it is here, else how to get it. */
  absent(): string | undefined;
  start(work: Work): Promise<Running>;
}

const onPath = (program: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const fromDebian = (program: string, name: string) => (): string | undefined =>
  onPath(program) ? undefined : `apt-get install ${name}`;

/** Go's httputil.ReverseProxy, tuned: the 1 of every ratio. */
export const go: Peer = {
  name: "go",
  absent: () => (onPath("go") ? undefined : "install Go"),
  async start({ folder, target, prefix, uploadPrefix, authorization }) {
    const binary = path.join(folder, "reverse-proxy");
    execFileSync("go", ["build", "-o", binary, "."], {
      cwd: path.join(import.meta.dirname, "peers/reverse-proxy"),
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
    });
    const port = await freePort();
    const routes = [`${prefix}=${target.origin}`, `${uploadPrefix}=http://127.0.0.1:${target.sinkPort}`];
    const flags = ["-listen", `127.0.0.1:${port}`, "-authorization", authorization];
    return startProgram("go", [binary, ...flags, ...routes.flatMap((route) => ["-route", route])], port);
  },
};

export const nginx: Peer = {
  name: "nginx",
  absent: fromDebian("nginx", "nginx-light"),
  async start({ folder, target, prefix, uploadPrefix, authorization }) {
    const port = await freePort();
    const location = (from: string, upstream: string): string => `
      location ${from}/ { proxy_pass http://${upstream}/; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_set_header Authorization "${authorization}";
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }`;
    return startNginx(
      "nginx",
      folder,
      port,
      `
      upstream target { server 127.0.0.1:${target.port}; keepalive 128; keepalive_requests 1000000000; }
      upstream sink { server 127.0.0.1:${target.sinkPort}; keepalive 128; }
      proxy_max_temp_file_size 0; proxy_request_buffering off; client_max_body_size 0;
      server { listen 127.0.0.1:${port} backlog=4096; ${location(prefix, "target")} ${location(uploadPrefix, "sink")} }`,
    );
  },
};

export const haproxy: Peer = {
  name: "haproxy",
  absent: fromDebian("haproxy", "haproxy"),
  async start({ folder, target, prefix, uploadPrefix, authorization }) {
    const port = await freePort();
    const config = path.join(folder, "haproxy.cfg");
    const credential = authorization.replaceAll(" ", "\\ ");
    const backend = (name: string, from: string, to: number): string => `
backend ${name}
  http-reuse always
  http-request replace-path ${from}(/.*) \\1
  http-request set-header Authorization ${credential}
  option forwardfor
  server one 127.0.0.1:${to} pool-max-conn 128
`;
    writeFileSync(
      config,
      `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind 127.0.0.1:${port} backlog 4096
  use_backend sink if { path_beg ${uploadPrefix}/ }
  default_backend target
${backend("target", prefix, target.port)}${backend("sink", uploadPrefix, target.sinkPort)}`,
    );
    return startProgram("haproxy", ["haproxy", "-q", "-db", "-f", config], port);
  },
};

/**
 * Any other proxy, given as `--peer name=command`. In the command `{port}`, `{target}` and `{kubeconfig}` are replaced,
 * which is enough to start another gateway against the same Applications.
 */
export function namedPeer(definition: string): Peer {
  const [name = "", ...rest] = definition.split("=");
  const command = rest.join("=").trim();
  if (name === "" || command === "") throw new Error(`--peer ${definition}: give it as name=command`);
  return {
    name,
    absent: () => undefined,
    async start({ target, kubeconfig }) {
      const port = await freePort();
      const values: Record<string, string> = { port: String(port), target: target.origin, kubeconfig };
      const words = command.split(/\s+/).map((word) => word.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all));
      return startProgram(name, words, port);
    },
  };
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, type Running, startProgram } from "./processes.ts";
import { routes } from "./routes.ts";
import { startNginx, type Target, targetName } from "./target.ts";

/** What every proxy in the run has been told: the same routes, the same credential. */
export interface Work {
  readonly folder: string;
  readonly target: Target;
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

export function onPath(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const fromDebian = (program: string, name: string) => (): string | undefined =>
  onPath(program) ? undefined : `apt-get install ${name}`;

/** Go's httputil.ReverseProxy, tuned: the 1 of every ratio. */
const go: Peer = {
  name: "go",
  absent: () => (onPath("go") ? undefined : "install Go"),
  async start({ folder, target, authorization }) {
    const binary = path.join(folder, "reverse-proxy");
    execFileSync("go", ["build", "-o", binary, "."], {
      cwd: path.join(import.meta.dirname, "../peers/reverse-proxy"),
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
    });
    const port = await freePort();
    const flags = ["-listen", `127.0.0.1:${port}`, "-authorization", authorization];
    const routed = routes(target).flatMap(({ path, origin }) => ["-route", `${path}=${origin}`]);
    return startProgram("go", [binary, ...flags, ...routed], port, { SSL_CERT_FILE: target.caFile });
  },
};

const nginx: Peer = {
  name: "nginx",
  absent: fromDebian("nginx", "nginx-light"),
  async start({ folder, target, authorization }) {
    const port = await freePort();
    const parts = routes(target).map(({ path, origin }, index) => {
      const { protocol, host } = new URL(origin);
      return {
        upstream: `upstream u${index} { server ${host}; keepalive 128; keepalive_requests 1000000000; }`,
        location: `location ${path}/ { proxy_pass ${protocol}//u${index}/; }`,
      };
    });
    return startNginx(
      "nginx",
      folder,
      port,
      `
      ${parts.map(({ upstream }) => upstream).join("\n      ")}
      proxy_max_temp_file_size 0; proxy_request_buffering off; client_max_body_size 0;
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Authorization "${authorization}";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_ssl_trusted_certificate ${target.caFile}; proxy_ssl_verify on; proxy_ssl_name ${targetName};
      server {
        listen 127.0.0.1:${port} backlog=4096;
        ${parts.map(({ location }) => location).join("\n        ")}
      }`,
    );
  },
};

const haproxy: Peer = {
  name: "haproxy",
  absent: fromDebian("haproxy", "haproxy"),
  async start({ folder, target, authorization }) {
    const port = await freePort();
    const config = path.join(folder, "haproxy.cfg");
    const credential = authorization.replaceAll(" ", "\\ ");
    const parts = routes(target).map(({ path, origin }, index) => {
      const { protocol, host } = new URL(origin);
      const tls = protocol === "https:" ? ` ssl verify required ca-file ${target.caFile} verifyhost ${targetName}` : "";
      return {
        use: `  use_backend b${index} if { path_beg ${path}/ }`,
        backend: `
backend b${index}
  http-reuse always
  http-request replace-path ${path}(/.*) \\1
  http-request set-header Authorization ${credential}
  option forwardfor
  server one ${host} pool-max-conn 128${tls}`,
      };
    });
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
${parts.map(({ use }) => use).join("\n")}
${parts.map(({ backend }) => backend).join("\n")}
`,
    );
    return startProgram("haproxy", ["haproxy", "-q", "-db", "-f", config], port);
  },
};

export const peers: readonly Peer[] = [go, nginx, haproxy];

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

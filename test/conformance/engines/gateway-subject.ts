import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { createAuthority } from "@application-connector/x509";
import { attempt } from "../application-gateway/attempt.ts";
import { type GatewayProcess, startGatewayProcess } from "../application-gateway/gateway-process.ts";
import { until } from "../application-gateway/world.ts";
import { type Engine, engines } from "../tested-engine.ts";
import { Activity } from "./activity.ts";
import { placeholder } from "./exchange.ts";
import type { Lane } from "./play.ts";
import { ScriptedTarget } from "./scripted-target.ts";
import type { Subject } from "./subject.ts";

/** Longer than any exchange is waited for: silence is seen, and not what ends it. */
const limits = ["--proxyTimeout=10", "--requestTimeout=10", "--maxHeaderBytes=16384"];
const methods = [
  "GET",
  "GET",
  "GET",
  "POST",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "HEAD",
  "OPTIONS",
  "PROPFIND",
  "TRACE",
];

/** Port 8080 of the Application Gateway, in a process for each engine. */
export async function startGateways(lanes: { readonly plain: number; readonly tls: number }): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), "engines-"));
  const authority = createAuthority({ subject: "CN=engines" });
  const { certificate, key } = authority.issue({
    subject: "CN=target",
    usage: ["server"],
    ipAddresses: ["127.0.0.1"],
    keyType: "ec",
  });
  const cluster = await startKubeApi({ crds: customResourceDefinitions });
  const kubeconfig = path.join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kyma-system" } });
  const all: { lane: Omit<Lane, "addresses">; isTls: boolean }[] = [];
  for (let index = 0; index < lanes.plain + lanes.tls; index++) {
    const isTls = index >= lanes.plain;
    const activity = new Activity();
    const target = new ScriptedTarget(activity, isTls ? { cert: certificate, key } : undefined);
    await target.listen();
    const application = `lane${String(index).padStart(2, "0")}`;
    const targetUrl = `${isTls ? "https" : "http"}://127.0.0.1:${target.port}`;
    cluster.apply(applicationWith(application, targetUrl));
    all.push({ lane: { application, activity, target }, isTls });
  }
  const start = async (engine: Engine): Promise<GatewayProcess> => {
    const flags = [...limits, "--logLevel=info", "--reportStatus=false", `--engine=${engine}`];
    const gateway = await startGatewayProcess(kubeconfig, { flags, env: { OTEL_PROPAGATORS: "none" } });
    const level = { method: "PUT", body: ['{"level":"fatal"}'], headers: { "Content-Type": "application/json" } };
    await attempt(gateway.ports.external, "/v1/loglevel", level);
    const last = all.at(-1)?.lane.application;
    await until(async () => (await attempt(gateway.ports.proxy, `/${last}/s/x`)).status === 200);
    return gateway;
  };
  const gateways = await Promise.all(engines.map(start));
  const [sockets, node] = gateways as [GatewayProcess, GatewayProcess];
  const addresses = { node: { port: node.ports.proxy }, sockets: { port: sockets.ports.proxy } };
  const lanesOf = (tls: boolean): Lane[] =>
    all.filter(({ isTls }) => isTls === tls).map(({ lane }) => ({ ...lane, addresses }));
  return {
    entrance: { prefix: `/${placeholder}/s`, head: "Host: h\r\n", methods },
    lanes: { plain: lanesOf(false), tls: lanesOf(true) },
    lives() {
      for (const [index, { process, output }] of gateways.entries()) {
        if (process.exitCode === null && process.signalCode === null) continue;
        throw new Error(`the gateway with engine ${engines[index]} has ended: ${output().slice(-4_000)}`);
      }
    },
    async stop() {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await Promise.all(all.map(({ lane }) => lane.target.stop()));
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function applicationWith(name: string, targetUrl: string) {
  const service = { id: "s", name: "s", displayName: "s", description: "", providerDisplayName: "" };
  return {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name },
    spec: { description: "", skipVerify: true, services: [{ ...service, entries: [{ type: "API", targetUrl }] }] },
  };
}

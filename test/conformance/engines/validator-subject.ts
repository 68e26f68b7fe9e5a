import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { customResourceDefinitions } from "@application-connector/crds";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { createAuthority } from "@application-connector/x509";
import { X } from "../connectivity-validator/certificates.ts";
import {
  freePorts,
  startValidatorProcess,
  type ValidatorProcess,
} from "../connectivity-validator/load/validator-process.ts";
import { application } from "../connectivity-validator/world.ts";
import type { Engine } from "../tested-engine.ts";
import { Activity } from "./activity.ts";
import { placeholder } from "./exchange.ts";
import type { Address } from "./exchange-client.ts";
import type { Lane } from "./play.ts";
import { ScriptedTarget } from "./scripted-target.ts";
import type { Subject } from "./subject.ts";

/** Longer than any exchange is waited for: silence is seen, and not what ends it. */
const limits = ["--headersTimeout=20s", "--proxyTimeout=20s", "--bodyTimeout=20s"];
const methods = ["POST", "POST", "POST", "POST", "PUT", "PATCH", "GET", "HEAD", "DELETE"];

export type Door = "behind an ingress" | "mutual TLS";

/** A port of the Connectivity Validator. Each has one target, so that each lane has two programs of its own. */
export async function startValidators(door: Door, lanes: number): Promise<Subject> {
  const folder = await mkdtemp(path.join(tmpdir(), "engines-"));
  const authority = createAuthority({ subject: "CN=engines", keyType: "ec" });
  const server = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["h"], keyType: "ec" });
  const files = { Cert: server.certificate, Key: server.key, ClientCA: authority.certificate };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  const cluster = await startKubeApi({ crds: customResourceDefinitions });
  const kubeconfig = path.join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  const programs: ValidatorProcess[] = [];

  const startOne = async (engine: Engine, target: ScriptedTarget, name: string): Promise<Address> => {
    const [mtlsPort] = await freePorts();
    const program = await startValidatorProcess([
      ...limits,
      `--engine=${engine}`,
      `--kubeconfig=${kubeconfig}`,
      `--eventingPublisherHost=127.0.0.1:${target.port}`,
      `--mtlsPort=${mtlsPort}`,
      ...Object.keys(files).map((file) => `--mtls${file}File=${path.join(folder, file)}`),
    ]);
    programs.push(program);
    if (door === "behind an ingress") return { port: program.port };
    const client = authority.issue({ subject: `CN=${name}`, usage: ["client"], keyType: "ec" });
    const trust = { ca: authority.certificate, servername: "h" };
    return { port: mtlsPort, tls: { ...trust, cert: client.certificate, key: client.key } };
  };
  const startLane = async (index: number): Promise<Lane> => {
    const name = `lane${String(index).padStart(2, "0")}`;
    cluster.create(application(name) as Parameters<typeof cluster.create>[0]);
    const activity = new Activity();
    const target = new ScriptedTarget(activity, undefined);
    await target.listen();
    const addresses = {
      node: await startOne("node", target, name),
      sockets: await startOne("sockets", target, name),
    };
    return { application: name, activity, target, addresses };
  };
  const plain: Lane[] = [];
  for (let index = 0; index < lanes; index++) plain.push(await startLane(index));
  const witness = door === "mutual TLS" ? "" : `X-Forwarded-Client-Cert: ${X("compat", `CN=${placeholder}`)}\r\n`;
  return {
    // The legacy path is the one that is passed on as it came.
    entrance: { prefix: `/${placeholder}/v1/events`, head: `Host: h\r\n${witness}`, methods },
    lanes: { plain, tls: [] },
    lives() {
      const ended = programs.find(({ isRunning }) => !isRunning);
      if (ended !== undefined) throw new Error(`a validator has ended: ${ended.lastWords}`);
    },
    async stop() {
      await Promise.all(programs.map((program) => program.stop()));
      await Promise.all(plain.map(({ target }) => target.stop()));
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { applications } from "@application-connector/crds";
import { createClient, loadCluster } from "@application-connector/kube";
import { commands, schema } from "@application-connector/playground";
import { loadConfig } from "@application-connector/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ledger } from "../conformance/application-gateway/secrecy-ledger.ts";
import { noteEvents, noteSecrets } from "./secrets-of-cluster.ts";

const run = promisify(execFile);
const workspace = path.resolve(import.meta.dirname, "../..");
const program = path.join(workspace, "services/playground/src/main.ts");
const everyPortFree = [
  "gatewayPort",
  "bundlePort",
  "gatewayHealthPort",
  "inboundPort",
  "validatorPort",
  "validatorHealthPort",
  "kubernetesPort",
  "externalSystemPort",
  "eventsPort",
  "identityProviderPort",
  "uclPort",
  "uclMtlsPort",
  "formationPort",
  "agentHealthPort",
  "agentMetricsPort",
].map((name) => `--${name}=0`);

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly output: string;
  /** All that it has written so far, to either stream. */
  readonly said: () => string;
  /** The printed commands, in order. */
  readonly printed: string[];
}

let started: Started;

const ports = loadConfig(schema, [], {});
const usual = {
  ...ports,
  seconds: 0,
  folder: ".local",
  externalSystem: `http://127.0.0.1:${ports.externalSystemPort}`,
};

/** Starts it as a person does, in a folder of its own, and waits for the end of the ready block. */
async function startPlayground(): Promise<Started> {
  const folder = mkdtempSync(path.join(tmpdir(), "quick-start-"));
  const child = spawn(process.execPath, [program, ...everyPortFree], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let errors = "";
  const output = await new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("Ctrl-C")) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`the playground ended with ${code}:\n${text}${errors}`)));
  });
  const printed = output.split("\n").flatMap((line) => /^ {4}((?:curl|kubectl) .*)$/.exec(line)?.[1] ?? []);
  return { child, folder, output, said: () => text + errors, printed };
}

/** A printed command, typed into a shell in the folder where the playground was started. */
async function type(command: string): Promise<string> {
  const { stdout } = await run("sh", ["-c", command], { cwd: started.folder, timeout: 30_000, env });
  return stdout;
}

/** kubectl is the one printed program that a fresh machine lacks; the assets of the cluster tier bring it. */
const assets = process.env["KUBEBUILDER_ASSETS"];
const env = assets ? { ...process.env, PATH: `${process.env["PATH"]}${path.delimiter}${assets}` } : process.env;

async function hasKubectl(): Promise<boolean> {
  const found = await run("sh", ["-c", "command -v kubectl"], { env }).then(
    () => true,
    () => false,
  );
  if (!found) console.log("kubectl is not on this machine: the kubeconfig is read by our own client instead");
  return found;
}

async function listByLibrary(): Promise<string> {
  const client = createClient(loadCluster({ kubeconfig: path.join(started.folder, ".local/kubeconfig") }));
  try {
    const { items } = await client.list(applications, {});
    return items.map(({ metadata }) => metadata.name).join("\n");
  } finally {
    await client.stop();
  }
}

function printedCommand(shape: RegExp): string {
  const found = started.printed.find((command) => shape.test(command));
  if (!found) throw new Error(`no printed command is like ${shape}:\n${started.output}`);
  return found;
}

beforeAll(async () => {
  started = await startPlayground();
}, 60_000);

afterAll(async () => {
  if (started.child.exitCode === null && started.child.signalCode === null) {
    started.child.kill("SIGKILL");
    await once(started.child, "exit");
  }
  rmSync(started.folder, { recursive: true, force: true });
});

const arrived = () => type(printedCommand(/^curl -sS http:\S+\/events$/));

test("prints every command that it knows, and nothing that is not tried below", () => {
  expect(started.printed).toHaveLength(commands(usual).length);
  expect(started.printed).toHaveLength(13);
});

test("the README's tour is what is printed on the usual ports", () => {
  const readme = readFileSync(path.join(workspace, "README.md"), "utf8");
  expect(commands(usual).filter(({ command }) => !readme.includes(`\n${command}\n`))).toEqual([]);
});

test("the outbound call with an OAuth token answers with orders", async () => {
  const { orders } = JSON.parse(await type(printedCommand(/\/mp-demo-crm\/orders\//))) as { orders: unknown[] };
  expect(orders).toEqual(expect.arrayContaining([expect.objectContaining({ id: expect.anything() })]));
});

test("the outbound call through a bundle reaches the external system with user and password", async () => {
  const echo = JSON.parse(await type(printedCommand(/\/mp-demo-shop\/shop-bundle\//))) as {
    headers: [string, string][];
  };
  const authorization = echo.headers.find(([name]) => name.toLowerCase() === "authorization")?.[1];
  expect(authorization).toMatch(/^Basic /);
});

test("the inbound event with a client certificate is accepted and can be seen", async () => {
  const answer = await type(printedCommand(/--cert .local\/pki\/demo-crm.crt/));
  expect(answer).toMatch(/^HTTP\/(1\.1|2) 204/);
  expect(await arrived()).toContain("4711");
});

test("an event in the name of another system is refused, and the reason is told", async () => {
  const answer = await type(printedCommand(/ce-source: mp-demo-shop/));
  expect(answer).toMatch(/^HTTP\/(1\.1|2) 403/);
  expect(answer).toMatch(/^error-reason: source_not_allowed\r$/im);
  expect(await arrived()).not.toContain("4713");
});

test("a batch is accepted, and its events arrive one by one", async () => {
  const answer = await type(printedCommand(/cloudevents-batch/));
  expect(answer).toMatch(/^HTTP\/(1\.1|2) 204/);
  const events = await arrived();
  for (const order of ["4714", "4715"]) expect(events).toContain(order);
});

test("a certificate of another application is refused", async () => {
  const answer = await type(printedCommand(/--cert .local\/pki\/demo-shop.crt/));
  expect(answer).toMatch(/^HTTP\/(1\.1|2) 403/);
  expect(answer).toContain("no valid subject found");
});

test("an outage of Eventing is bridged by the disk", async () => {
  await type(printedCommand(/-X PUT .*\/faults/));
  const answer = await type(printedCommand(/4716/));
  expect(answer).toMatch(/^HTTP\/(1\.1|2) 204/);
  expect(answer).toMatch(/^delivery: queued\r$/im);
  expect(await arrived()).not.toContain("4716");
  await type(printedCommand(/-X DELETE .*\/faults/));
  await expect.poll(arrived, { timeout: 15_000 }).toContain("4716");
});

test("a system that is added to the formation in UCL can be called a moment later", async () => {
  await type(printedCommand(/\/ui\/add /));
  const command = printedCommand(/\/mp-warehouse\//);
  const end = Date.now() + 10_000;
  let answer: { url?: string } = {};
  while (answer.url === undefined && Date.now() < end) {
    answer = JSON.parse(await type(command)) as { url?: string };
    if (answer.url === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(answer.url).toBe("/echo/shelves/7");
}, 20_000);

test("the written kubeconfig shows the Applications", async () => {
  const command = printedCommand(/^kubectl /);
  const listed = (await hasKubectl()) ? await type(command) : await listByLibrary();
  expect(listed).toContain("mp-demo-crm");
  expect(listed).toContain("mp-demo-shop");
});

test("nothing secret is printed, logged or told by metrics and Events", async () => {
  const client = createClient(loadCluster({ kubeconfig: path.join(started.folder, ".local/kubeconfig") }));
  try {
    expect(await noteSecrets(client)).toBeGreaterThan(10);
    await noteEvents(client);
  } finally {
    await client.stop();
  }
  ledger.said("what the playground printed", started.said);
  const ports = new Set([...started.output.matchAll(/localhost:(\d+)/g)].map(([, port]) => port));
  for (const port of ports) {
    const metrics = await fetch(`http://localhost:${port}/metrics`).then(
      (answer) => answer.text(),
      () => "",
    );
    ledger.said(`the metrics of port ${port}`, metrics);
  }
  ledger.check();
});

test("Ctrl-C leaves no process, port or file behind", async () => {
  const ports = [...started.output.matchAll(/localhost:(\d+)/g)].map(([, port]) => Number(port));
  expect(ports.length).toBeGreaterThan(4);
  const ended = once(started.child, "exit");
  started.child.kill("SIGINT");
  expect((await ended)[0]).toBe(0);
  for (const port of new Set(ports)) await expect(connect(port)).rejects.toThrow("ECONNREFUSED");
  expect(existsSync(path.join(started.folder, ".local"))).toBe(false);
});

test("a busy port is one clear sentence that names the flag to change", async () => {
  const holder = net.createServer().listen(0);
  await once(holder, "listening");
  const { port } = holder.address() as net.AddressInfo;
  const folder = mkdtempSync(path.join(tmpdir(), "quick-start-"));
  try {
    const flags = [...everyPortFree.filter((flag) => !flag.startsWith("--gatewayPort")), `--gatewayPort=${port}`];
    const failure = run(process.execPath, [program, ...flags], { cwd: folder, timeout: 60_000 });
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stderr: `playground: port ${port} is in use; give another with --gatewayPort\n`,
    });
    expect(existsSync(path.join(folder, ".local"))).toBe(false);
  } finally {
    holder.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

function connect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("error", reject).once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { copyFile, mkdtemp, rename, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const example = fileURLToPath(new URL("../program/fixtures/example-program.ts", import.meta.url));

describe("a program of several workers", () => {
  test("is one from outside: ready when all are, with the metrics of all, and one end", async () => {
    const program = await started();
    expect((await fetch(`${program.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${program.url}/greeting`)).text()).toBe("hello");
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toContain("\nworkers 2\n");
    expect(metrics).toContain("\nexample_started_total 2\n");
    expect(metrics).toContain("\nexample_size 3\n");
    // A terminal sends them to all processes; only the first one listens.
    for (const { workerPid } of program.messages("worker started")) process.kill(Number(workerPid), "SIGINT");
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
    expect(program.messages("stopped")).toHaveLength(2);
    expect(program.lines().filter((line) => !line.startsWith("{"))).toEqual([]);
  });

  test("is not ready while one of them is not", async () => {
    const program = await started();
    await fetch(`${program.url}/leave`);
    // One of the two has said so to itself; the other has not.
    const answer = await fetch(`${program.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("number 2 is tired");
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
  });

  test("replaces one that has died, says so, and is not ready meanwhile", async () => {
    const program = await started();
    const [, second] = program.messages("worker started");
    process.kill(Number(second?.["workerPid"]), "SIGKILL");
    await program.logged("a worker has died and is replaced");
    const answer = await fetch(`${program.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("1 of 2");
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
    await eventually(async () => (await fetch(`${program.url}/readyz`)).status === 200);
    expect(await (await fetch(`${program.url}/metrics`)).text()).toContain("\nworker_replacements_total 1\n");
    const [death] = program.messages("a worker has died and is replaced");
    expect(death).toMatchObject({ level: "error", worker: 2, signal: "SIGKILL", replacedInMs: 250 });
    // The next one waits longer.
    process.kill(Number(program.messages("worker started")[2]?.["workerPid"]), "SIGKILL");
    await eventually(async () => program.messages("a worker has died and is replaced").length === 2);
    expect(program.messages("a worker has died and is replaced")[1]).toMatchObject({ replacedInMs: 500 });
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  });

  test("counts on what one that has died had counted, and gives the next one the log level of now", async () => {
    const program = await started();
    for (let count = 0; count < 3; count++) await fetch(`${program.url}/call`);
    const metrics = async () => await (await fetch(`${program.url}/metrics`)).text();
    expect(await metrics()).toContain("\nexample_calls_total 6\n");
    const put = await fetch(`${program.url}/v1/loglevel`, { method: "PUT", body: '{"level":"error"}' });
    expect(put.status).toBe(200);
    const [, second] = program.messages("worker started");
    process.kill(Number(second?.["workerPid"]), "SIGKILL");
    await program.logged("a worker has died and is replaced");
    expect(await metrics()).toContain("\nexample_calls_total 6\n");
    await eventually(async () => (await fetch(`${program.url}/readyz`)).status === 200);
    expect(await (await fetch(`${program.url}/v1/loglevel`)).json()).toEqual({ level: "error" });
    await fetch(`${program.url}/call`);
    expect(await metrics()).toContain("\nexample_calls_total 8\n");
    // The worst answer is the answer: the new one has the level, too.
    await fetch(`${program.url}/release`);
    expect(program.messages("slow request released")).toHaveLength(0);
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  });

  test("replaces one that does nothing any more: it would keep its connections waiting for ever", async () => {
    const program = await started(["--silence=1500"]);
    const asked = fetch(`${program.url}/freeze`);
    const { worker } = await program.logged("a worker does nothing and is killed");
    expect(worker).toBe(2);
    expect((await asked).status).toBe(200);
    await eventually(async () => (await fetch(`${program.url}/readyz`)).status === 200);
  });

  test("ends when the first one does nothing from the beginning", async () => {
    const program = spawned(["--silence=1500", "--crash=frozen"]);
    expect(await program.ended).toBe(1);
    expect(program.messages("a worker does nothing and is killed")).toHaveLength(1);
  });

  test("tries again to start a worker that the system does not start", async () => {
    // A program of its own that can be away for a moment.
    const folder = await mkdtemp(join(tmpdir(), "node-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const node = join(folder, "node");
    await copyFile(process.execPath, node, constants.COPYFILE_FICLONE);
    const program = await started([], node);
    await rename(node, `${node}-away`);
    process.kill(Number(program.messages("worker started")[1]?.["workerPid"]), "SIGKILL");
    await eventually(async () => program.messages("a worker has died and is replaced").length === 2);
    await rename(`${node}-away`, node);
    await eventually(async () => (await fetch(`${program.url}/readyz`)).status === 200);
  });

  test("waits for requests of all of them, and no longer than until the second signal", async () => {
    const program = await started(["--hang", "--shutdownTimeout=600"]);
    program.child.kill("SIGTERM");
    await eventually(async () => program.messages("stopping").length === 2);
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(143);
  });

  test("leaves nobody behind when its first process is killed", async () => {
    const program = await started();
    const pids = program.messages("worker started").map(({ workerPid }) => Number(workerPid));
    program.child.kill("SIGKILL");
    await eventually(async () => !pids.some(isAlive));
  });

  test("tells a failed start once, and ends with it", async () => {
    const program = spawned(["--crash=surroundings"]);
    expect(await program.ended).toBe(1);
    expect(program.lines()).toEqual([
      "example-program: cannot read the certificate: ENOENT: no such file or directory, open '/nowhere/tls.crt'",
    ]);
  });

  test("names the flag of a busy port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const program = spawned([`--servingPort=${port}`]);
    expect(await program.ended).toBe(1);
    expect(program.lines()).toEqual([`example-program: port ${port} is in use; give another with --servingPort`]);
  });
});

describe("the common port of several workers", () => {
  test("answers what is no HTTP as every API does, behind what it has still to answer", async () => {
    const { url } = await started();
    const get = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    const statuses = async (bytes: string) => (await answersTo(url, bytes)).match(/HTTP\/1\.1 \d+/g);
    const plain = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n";
    expect(await answersTo(url, "no HTTP\r\n\r\n")).toBe(`${plain}400 Bad Request`);
    expect(await statuses(`${get}A: ${"x".repeat(70_000)}\r\n\r\n`)).toEqual(["HTTP/1.1 431"]);
    expect(await statuses(`${get}\r\nno HTTP\r\n\r\n`)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
    expect(await statuses(`${get}Content-Length: 1\r\n\r\n1, and more`)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]);
    expect(await statuses(`${get}Transfer-Encoding: chunked\r\n\r\nnone`)).toEqual(["HTTP/1.1 400"]);
  });

  test("ends a connection after an upgrade that nobody grants, for what came behind it is lost", async () => {
    const { url } = await started();
    const upgrade = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    expect(await answersTo(url, `${upgrade}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
  });
});

/** All that is answered until the other side ends the connection. */
async function answersTo(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (piece: string) => {
    text += piece;
  });
  socket.write(bytes);
  await once(socket, "end");
  return text;
}

/** Two workers that both have started. */
async function started(argv: string[] = [], node = process.execPath) {
  const program = spawned(argv, node);
  const { port } = await program.logged("serving");
  await eventually(async () => program.messages("worker started").length === 2);
  return { ...program, url: `http://127.0.0.1:${port}` };
}

function spawned(argv: string[], node = process.execPath) {
  const env = { ...process.env, APP_WORKERS: "2" };
  const child: ChildProcess = spawn(node, [example, ...argv], { env, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const ended = once(child, "close").then(([code]) => code as number);
  const lines = (): string[] => text.split("\n").slice(0, -1);
  const messages = (msg: string): Record<string, unknown>[] =>
    lines()
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((record) => record["msg"] === msg);
  const logged = async (msg: string): Promise<Record<string, unknown>> => {
    await eventually(async () => messages(msg).length > 0);
    return messages(msg)[0] as Record<string, unknown>;
  };
  return { child, ended, lines, messages, logged };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("waited in vain");
    await sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

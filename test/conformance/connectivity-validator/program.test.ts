import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority } from "@application-connector/x509";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { engines } from "../tested-engine.ts";
import { gatewayElement, X } from "./certificates.ts";
import { anyBody } from "./events.ts";
import { readResponse, sendRaw } from "./raw-client.ts";
import { manifestFlags, request, startWorld, type World } from "./world.ts";

const main = fileURLToPath(new URL("../../../services/connectivity-validator/src/main.ts", import.meta.url));

interface Program {
  process: ChildProcess;
  stderr: () => string;
  lines: () => { level: string; message: string; context: Record<string, unknown>; [field: string]: unknown }[];
  ended: Promise<number | null>;
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const lines = () =>
    stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  return { process: child, stderr: () => stderr, lines, ended };
}

describe("a program that refuses to start", () => {
  test("CV-56 default flags: exit 1, and a fatal line that names the first prefix", async () => {
    const program = run([]);
    expect(await program.ended).toBe(1);
    expect(program.lines()).toEqual([
      {
        level: "FATAL",
        timestamp: expect.any(String),
        caller: expect.stringMatching(/\.ts:\d+$/),
        message:
          "Failed to validate options: eventingPathPrefixV1 '/v1/events' should contain appNamePlaceholder '%%APP_NAME%%'",
        context: {},
      },
    ]);
  });
  test("an unknown flag: exit 2 with usage", async () => {
    const program = run([...manifestFlags, "--cacheExpirationSeconds=90"]);
    expect(await program.ended).toBe(2);
    expect(program.stderr()).toContain("flag provided but not defined: -cacheExpirationSeconds");
    expect(program.stderr()).toContain("--eventingPathPrefixV1");
  });
  test.each([{ APP_LOG_LEVEL: "loud" }, { APP_LOG_FORMAT: "xml" }])("%j: exit 1 with a fatal line", async (env) => {
    const program = run(
      manifestFlags.filter((flag) => !flag.startsWith("--logLevel")),
      env,
    );
    expect(await program.ended).toBe(1);
    expect(program.lines()).toMatchObject([
      { level: "FATAL", message: expect.stringContaining("Failed to validate options: ") },
    ]);
  });

  test("no API server to be found: exit 1 with a fatal line", async () => {
    const program = run([...manifestFlags, "--kubeconfig=/does/not/exist"]);
    expect(await program.ended).toBe(1);
    expect(program.lines().at(-1)).toMatchObject({
      level: "FATAL",
      message: expect.stringContaining("/does/not/exist"),
    });
  });
});

describe("a running program", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  async function freePorts(count: number): Promise<number[]> {
    const servers = await Promise.all(
      Array.from({ length: count }, async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        return server;
      }),
    );
    const ports = servers.map((server) => (server.address() as AddressInfo).port);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return ports;
  }

  async function started(env: NodeJS.ProcessEnv, flags: readonly string[] = []) {
    const [proxy = 0, health = 0] = await freePorts(2);
    const own = manifestFlags.filter((flag) => !/^--(proxyPort|externalAPIPort|logLevel)/.test(flag));
    const args = [
      ...own,
      `--proxyPort=${proxy}`,
      `--externalAPIPort=${health}`,
      `--kubeconfig=${world.kubeconfig}`,
      `--eventingPublisherHost=127.0.0.1:${world.echo.port}`,
      ...flags,
    ];
    const program = run(args, env);
    const ready = () =>
      sendRaw(health, "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(ready, { timeout: 30_000, interval: 50 }).toBe(200);
    return {
      ...program,
      proxy,
      health,
      call: (path: string, given: Parameters<typeof request>[1]) => sendRaw(proxy, request(path, given)),
    };
  }

  const xfcc = X("compat", "CN=std");

  test.each(engines)(
    "is one program of two workers, which serve TLS as well: %s",
    async (engine) => {
      const [mtlsPort = 0] = await freePorts(1);
      const folder = await mkdtemp(join(tmpdir(), "workers-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      const authority = createAuthority({ subject: "CN=Workers", keyType: "ec" });
      const server = authority.issue({ subject: "CN=server", usage: ["server"], dnsNames: ["h"], keyType: "ec" });
      const client = authority.issue({ subject: "CN=std", usage: ["client"], keyType: "ec" });
      const files = { Cert: server.certificate, Key: server.key, ClientCA: authority.certificate };
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      const program = await started({ WORKERS: "2" }, [
        `--engine=${engine}`,
        `--mtlsPort=${mtlsPort}`,
        ...Object.keys(files).map((name) => `--mtls${name}File=${join(folder, name)}`),
      ]);
      const tls = { ca: authority.certificate, servername: "h", cert: client.certificate, key: client.key };
      // Each has a connection of its own: the workers take turns.
      for (let i = 0; i < 6; i++) {
        const bytes = request("/std/v1/events", i % 3 === 0 ? { xfcc, body: "x" } : { body: "x" });
        const response = i % 3 === 0 ? await sendRaw(program.proxy, bytes) : await sendRaw(mtlsPort, bytes, tls);
        expect(response.status).toBe(200);
      }
      const { body } = await sendRaw(program.health, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      expect(String(body)).toMatch(/^workers 2$/m);
      const counts = [...String(body).matchAll(/^connectivity_validator_requests_total\{[^}]*\} (\d+)$/gm)];
      expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(6);
      program.process.kill("SIGTERM");
      expect(await program.ended).toBe(0);
    },
    60_000,
  );

  test("logs what upstream logs, and nothing that is secret", async () => {
    const program = await started({ APP_LOG_FORMAT: "json", APP_LOG_LEVEL: "info" });
    const headers = [
      "X-B3-Traceid: trace1",
      "X-B3-Spanid: span1",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "Authorization: Bearer top-secret",
    ];
    const body = "body-of-the-event";
    expect((await program.call("/std/v1/events?key=in-query", { xfcc, headers, body })).status).toBe(200);
    expect((await program.call("/std/events", { xfcc: X("compat", "CN=very-private"), body })).status).toBe(403);
    await expect.poll(() => program.lines().some(({ level }) => level === "ERROR")).toBe(true);

    const messages = program.lines().map(({ message }) => message);
    expect(messages).toContain("Starting Validation Proxy.");
    expect(messages).toContain(
      "Added/Updated the application in the cache with values {[std] /std/v1/events /std/v2/events /std/events}",
    );
    const requestLine = program.lines().find(({ message }) => message === "Proxying request to target URL...");
    expect(requestLine).toEqual({
      level: "INFO",
      timestamp: expect.any(String),
      caller: expect.stringMatching(/^\w+\/[\w-]+\.ts:\d+$/),
      message: "Proxying request to target URL...",
      traceid: "trace1",
      spanid: "span1",
      context: {
        handler: "validation_proxy_handler",
        application: "std",
        proxyPath: "/std/v1/events",
        targetURL: `http://127.0.0.1:${world.echo.port}/std/v1/events`,
        certSha256: "0f".repeat(8),
        trace_id: "0af7651916cd43dd8448eb211c80319c",
      },
    });
    expect(messages).toEqual(
      expect.arrayContaining(["Proxying request for application...", "Host responded with status 200"]),
    );
    expect(program.lines().find(({ level }) => level === "ERROR")).toMatchObject({
      message: "Error: no valid subject found",
      traceid: "unknown",
      spanid: "unknown",
      context: { reason: "subject_mismatch", rejected: "not_accepted", application: "std" },
    });
    for (const secret of ["top-secret", body, "in-query", "Subject=", "very-private", gatewayElement])
      expect(program.stderr()).not.toContain(secret);
  });

  test("a caller cannot write lines of its own, fill the log, or leave a password in it", async () => {
    const program = await started({ APP_LOG_FORMAT: "text", APP_LOG_LEVEL: "warn" });
    const logged = async (path: string, headers: string[] = []) => {
      const before = program.stderr().length;
      expect((await program.call(path, { xfcc, headers })).status).toBe(404);
      await expect.poll(() => program.stderr().slice(before)).toMatch(/Error: .*\n$/s);
      return program.stderr().slice(before);
    };
    const forged = await logged("/a%0A2030-01-01T00:00:00Z%09INFO%09forged%1B%5B2K/events");
    expect(forged.trimEnd().split("\n")).toHaveLength(1);
    expect(forged).not.toContain("\x1b");
    const long = "a".repeat(40_000);
    expect((await logged(`/${long}/events`, [`X-B3-Traceid: ${long}`])).length).toBeLessThan(8_000);
    expect(await logged("http://user:pass-word@gateway.example.com/nope/events?q=1")).not.toContain("pass-word");
  });

  test("at the level of the manifest a good request leaves no line, and panic counts as fatal", async () => {
    const quiet = await started({ APP_LOG_LEVEL: "panic" });
    expect((await quiet.call("/std/events", { xfcc, body: anyBody })).status).toBe(200);
    expect((await quiet.call("/std/events", { xfcc: "x", body: anyBody })).status).toBe(403);
    expect(quiet.stderr()).toBe("");
  });

  test("ends by SIGTERM, when the request in flight is answered", async () => {
    const program = await started({ APP_LOG_LEVEL: "info" });
    const socket = connect(program.proxy, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const bytes = request("/std/events", { xfcc, body: anyBody });
    socket.write(bytes.subarray(0, -5));
    await expect.poll(() => program.stderr()).toContain("Proxying request");
    program.process.kill("SIGTERM");
    await expect.poll(() => program.stderr()).toContain("stopping");
    socket.write(bytes.subarray(-5));
    const response = await readResponse(socket);
    expect([response.status, response.header("connection")]).toEqual([200, "close"]);
    expect(await program.ended).toBe(0);
  });

  test("a port in use: exit 1, one sentence", async () => {
    const program = run([
      ...manifestFlags.filter((flag) => !flag.startsWith("--proxyPort")),
      `--proxyPort=${world.validator.ports.proxy}`,
      `--kubeconfig=${world.kubeconfig}`,
      "--eventingPublisherHost=127.0.0.1:1",
    ]);
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toContain(`port ${world.validator.ports.proxy} is in use`);
  });
});

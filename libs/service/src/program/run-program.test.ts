import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const example = fileURLToPath(new URL("./fixtures/example-program.ts", import.meta.url));

describe("a program explains itself", () => {
  test("--help goes to standard output and is a success", async () => {
    const { code, out, err } = await run(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("example-program: answers one greeting at a time\n");
    expect(out).toContain(
      "--servingPort <port>\n      Where the program answers\n      (default 0; env APP_SERVING_PORT)",
    );
  });

  test("an unknown flag is told with the usage and ends with 2", async () => {
    const { code, out, err } = await run(["--nope"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^example-program: flag provided but not defined: -nope\n/);
    expect(err).toContain("Usage\n  example-program [flags]");
  });

  test("all mistakes are told at once", async () => {
    const env = { APP_GREETING: "bye", APP_PASSWORD: "x" };
    const { code, err } = await run(["--servingPort=70000", "--logLevel=loud"], env);
    expect(code).toBe(1);
    expect(err.split("\n")).toEqual([
      'example-program: --servingPort="70000" must be a port number from 0 to 65535',
      'example-program: --logLevel="loud" must be one of debug, info, warn, error, dpanic, panic, fatal',
      'example-program: APP_GREETING="bye" must not be a farewell',
      "example-program: APP_PASSWORD is too short",
      "",
    ]);
  });

  test("a busy port is told in one sentence that names the flag", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    expect(await run([`--servingPort=${port}`])).toEqual({
      code: 1,
      out: "",
      err: `example-program: port ${port} is in use; give another with --servingPort\n`,
    });
    const { err } = await run([`--servingPort=${port}`, "--logLevel=debug"]);
    expect(err).toMatch(/in use; give another with --servingPort\n.*\n +at /);
  });

  test("a failure of the surroundings is one sentence with its cause", async () => {
    const { code, err } = await run(["--crash=surroundings"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: "example-program: cannot read the certificate: ENOENT: no such file or directory, open '/nowhere/tls.crt'\n",
    });
  });

  test("a failure that nobody foresaw shows where it happened", async () => {
    const { code, err } = await run(["--crash=start"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^example-program: a bug\nTypeError: a bug\n +at /);
  });

  test.each([
    { crash: "rejection", msg: "unhandled rejection" },
    { crash: "exception", msg: "uncaught exception" },
  ])("an $msg is logged as fatal and ends with 1", async ({ crash, msg }) => {
    const program = spawned([`--crash=${crash}`]);
    expect(await program.ended).toMatchObject({ code: 1 });
    expect(await program.logged(msg)).toMatchObject({
      level: "fatal",
      err: { stack: expect.stringContaining(" at ") },
    });
    expect(program.messages()).toContain("listening");
  });
});

test("a program that cannot go on stops in order, says why, and ends with 1", async () => {
  const program = spawned(["--crash=failure"]);
  expect(await program.ended).toMatchObject({ code: 1 });
  expect(await program.logged("example-program cannot go on")).toMatchObject({
    level: "fatal",
    err: { message: "the lease is lost" },
  });
  expect(program.messages()).toContain("stopped");
});

describe("a program stops", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("on %s, with success", async (signal) => {
    const program = await started([]);
    program.child.kill(signal);
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.messages()).toEqual(["listening", "serving", "signal received", "stopping", "stopped"]);
  });

  test("after requests in flight are finished, being not ready before it closes", async () => {
    const program = await started(["--drainDelay=60000"]);
    const slow = fetch(`${program.url}/slow`);
    await program.logged("slow request began");
    program.child.kill("SIGTERM");
    await program.logged("stopping");
    // Still serving, for those who have not yet heard.
    expect((await fetch(`${program.url}/readyz`)).status).toBe(503);
    expect(await (await fetch(`${program.url}/greeting`)).text()).toBe("hello");
    expect(await (await fetch(`${program.url}/release`)).text()).toBe("released");
    expect(await (await slow).text()).toBe("hello");
    program.child.kill("SIGTERM");
    await program.ended;
  });

  test("and waits for the last request before it ends", async () => {
    const program = await started(["--shutdownTimeout=30"]);
    const slow = fetch(`${program.url}/slow`);
    await program.logged("slow request began");
    await (await fetch(`${program.url}/releaseOnDrain`)).text();
    program.child.kill("SIGTERM");
    expect(await (await slow).text()).toBe("hello");
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.messages().slice(-2)).toEqual(["slow request released", "stopped"]);
  });

  test("at once on the second signal", async () => {
    const program = await started(["--hang", "--shutdownTimeout=600"]);
    program.child.kill("SIGTERM");
    await program.logged("stopping");
    program.child.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 143 });
    expect(program.err()).toContain("second signal (SIGTERM), ended without waiting\n");
  });

  test("gently on one Ctrl-C that arrives twice, as it does under npm", async () => {
    const program = await started(["--hang", "--shutdownTimeout=2"]);
    program.child.kill("SIGINT");
    program.child.kill("SIGINT");
    await program.logged("stopping");
    program.child.kill("SIGINT");
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  test("although nobody reads its log any more", async () => {
    const program = await started([]);
    program.child.stderr?.destroy();
    await (await fetch(`${program.url}/release`)).text();
    expect(await (await fetch(`${program.url}/greeting`)).text()).toBe("hello");
    program.child.kill("SIGTERM");
    const [code] = await once(program.child, "exit");
    expect(code).toBe(0);
  });

  test("with success although a part hangs, which is named", async () => {
    const program = await started(["--hang", "--shutdownTimeout=1"]);
    program.child.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.err()).toContain('"part":"hanging part","msg":"did not stop in time and is left behind"');
  });

  test("while it starts, without having served", async () => {
    const program = spawned(["--crash=never-up"]);
    await program.logged("waiting for the cluster");
    program.child.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.messages()).not.toContain("listening");
  });
});

/** Runs the example to its end. */
async function run(argv: string[], env: NodeJS.ProcessEnv = {}) {
  return await spawned(argv, env).ended;
}

/** Runs the example until it listens. */
async function started(argv: string[]) {
  const program = spawned(argv);
  const { port } = await program.logged("listening");
  return { ...program, url: `http://127.0.0.1:${port}` };
}

function spawned(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [example, ...argv], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number, out, err }));
  const records = (): Record<string, unknown>[] =>
    err.split("\n").flatMap((line) => (line.startsWith("{") && line.endsWith("}") ? [JSON.parse(line)] : []));
  const logged = async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const record = records().find(({ msg }) => msg === message);
      if (record !== undefined) return record;
      if (child.exitCode !== null) throw new Error(`ended before "${message}": ${err}`);
      await Promise.race([ended, once(child.stderr as NodeJS.ReadableStream, "data")]);
    }
  };
  return { child, ended, logged, err: () => err, messages: () => records().map(({ msg }) => msg) };
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** What another process does for this one: each method answers later, arguments and results travel as JSON. */
export type Calls<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly problem?: string;
}

const graceMs = 5_000;

/** Does what the process that has forked this one asks for, and ends with it. */
export function serveParent(methods: Readonly<Record<string, (...args: never[]) => unknown>>): void {
  process.on("message", async ({ id, method, args }: Call) => {
    let answer: Answer;
    try {
      answer = { id, result: await methods[method]?.(...(args as never[])) };
    } catch (error) {
      answer = { id, problem: (error as Error).message };
    }
    process.send?.(answer);
  });
  process.on("disconnect", () => process.exit());
}

/** Starts a program that ends up in `serveParent`. */
export function startOther<T>(file: string): { readonly calls: Calls<T>; stop(): Promise<void> } {
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on("message", ({ id, result, problem }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (problem === undefined) call?.resolve(result);
    else call?.reject(new Error(problem));
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended with ${code}`));
    waiting.clear();
  });
  let calls = 0;
  const send = (method: string, args: readonly unknown[]): Promise<unknown> => {
    const call = Promise.withResolvers<unknown>();
    const id = ++calls;
    waiting.set(id, call);
    child.send({ id, method, args } satisfies Call, (error) => error && call.reject(error));
    return call.promise;
  };
  const proxy = new Proxy(
    {},
    {
      // It may be what a promise resolves to: then it is asked whether it is one itself.
      get: (_, method) => (method === "then" ? undefined : (...args: unknown[]) => send(String(method), args)),
    },
  );
  return { calls: proxy as Calls<T>, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

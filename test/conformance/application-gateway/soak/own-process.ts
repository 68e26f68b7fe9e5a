import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** What a process offers by name. What goes in and out must be JSON. */
export type Calls = Record<string, (argument: never) => unknown>;

type Result<C extends Calls, N extends keyof C> = Awaited<ReturnType<C[N]>>;

export interface OwnProcess<C extends Calls> {
  call<N extends keyof C & string>(name: N, ...argument: Parameters<C[N]>): Promise<Result<C, N>>;
  stop(): Promise<void>;
}

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly argument: never;
}

interface Told {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * A module of this folder in a process of its own. Who loads a program shares no loop with whom it calls: a connection
 * that nobody accepts, because the same loop is busy with sending, would look like the program's fault.
 */
export function ownProcess<C extends Calls>(file: string): OwnProcess<C> {
  // Without the flags of the test runner.
  const child = fork(path.join(import.meta.dirname, file), { execArgv: [] });
  const waiting = new Map<number, (told: Told) => void>();
  const exited = once(child, "exit");
  let asked = 0;
  child.on("message", (told: Told) => waiting.get(told.id)?.(told));
  child.on("exit", () => {
    for (const [id, tell] of waiting) tell({ id, error: `${file} has ended` });
  });
  return {
    call(name, argument?) {
      const id = ++asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ result, error }) => {
          waiting.delete(id);
          if (error === undefined) resolve(result as Result<C, typeof name>);
          else reject(new Error(error));
        });
        child.send({ id, name, argument });
      });
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The other side: answers until whoever started this process lets go of it. */
export function serveCalls(calls: Calls): void {
  const answer = async ({ id, name, argument }: Asked): Promise<Told> => {
    try {
      return { id, result: await calls[name]?.(argument) };
    } catch (error) {
      return { id, error: String(error) };
    }
  };
  process.on("message", async (asked: Asked) => process.send?.(await answer(asked)));
  process.on("disconnect", () => process.exit());
}

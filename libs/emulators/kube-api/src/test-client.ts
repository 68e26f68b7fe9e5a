import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { type KubeApi, type KubeApiOptions, startKubeApi } from "./kube-api.ts";
import type { KubeObject } from "./objects.ts";

/** Whatever JSON.parse gives: tests look at answers as the wire shows them. */
export type Wire = ReturnType<typeof JSON.parse>;

/** What a test sends, and what it gets back. */
export interface Sent {
  method?: string;
  body?: unknown;
  type?: string;
  accept?: string;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Wire;
}

/** A watch being read line by line. */
export interface OpenWatch {
  /** The next event; fails after five seconds without one. */
  next(): Promise<{ type: string; object: Wire }>;
  /** How the stream ended. */
  ended: Promise<"clean" | "broken">;
  close(): void;
}

export interface TestServer {
  api: KubeApi;
  send(path: string, sent?: Sent): Promise<Answer>;
  watch(path: string, sent?: Sent): Promise<OpenWatch>;
}

type OnFinished = (action: () => void | Promise<void>) => void;

/** Emulated API servers and clients without any cleverness, gone when the test is: hand in vitest's onTestFinished. */
export const testServers =
  (onFinished: OnFinished) =>
  (options: KubeApiOptions = {}): Promise<TestServer> =>
    startServer(options, onFinished);

async function startServer(options: KubeApiOptions, onFinished: OnFinished): Promise<TestServer> {
  const api = await startKubeApi(options);
  const agent = new Agent({ keepAlive: true, ca: api.ca });
  onFinished(async () => {
    agent.destroy();
    await api.stop();
  });

  function open(path: string, { method = "GET", body, type = "application/json", accept, token, headers }: Sent) {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    return new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpsRequest(`${api.url}${path}`, {
        agent,
        method,
        headers: {
          "user-agent": "test/1",
          authorization: `Bearer ${token ?? api.adminToken}`,
          ...(accept && { accept }),
          ...(text !== undefined && { "content-type": type }),
          ...headers,
        },
      });
      request.once("response", resolve).once("error", reject).end(text);
    });
  }

  return {
    api,
    async send(path, sent = {}) {
      const response = await open(path, sent);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const isJson = response.headers["content-type"]?.startsWith("application/json");
      return { status: response.statusCode ?? 0, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async watch(path, sent = {}) {
      const response = await open(path, sent);
      onFinished(() => void response.destroy());
      return readEvents(response);
    },
  };
}

function readEvents(response: IncomingMessage): OpenWatch {
  const events: { type: string; object: Wire }[] = [];
  let waiting: (() => void) | undefined;
  let rest = "";
  response.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    events.push(...lines.map((line) => JSON.parse(line)));
    waiting?.();
  });
  const ended = new Promise<"clean" | "broken">((resolve) => {
    response.once("error", () => resolve("broken"));
    response.once("close", () => resolve(response.complete ? "clean" : "broken"));
  });
  return {
    ended,
    close: () => void response.destroy(),
    async next() {
      const deadline = Date.now() + 5000;
      while (events.length === 0) {
        if (Date.now() > deadline) throw new Error("no event within five seconds");
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 100);
          waiting = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return events.shift() as { type: string; object: Wire };
    },
  };
}

/** Resolves as soon as the condition holds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("did not happen within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const configMaps = "/api/v1/namespaces/default/configmaps";

export function configMap(name: string, data: Record<string, string> = {}, metadata: object = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data } satisfies Partial<KubeObject>;
}

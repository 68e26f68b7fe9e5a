import { setTimeout } from "node:timers/promises";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { Agent, request } from "undici";
import { inject } from "vitest";
import { limitedUser } from "../../conformance/kubernetes-runtime/servers.ts";
import type { Step } from "./step.ts";

export interface Server {
  url: string;
  dispatcher: Agent;
  tokens: Record<string, string>;
}

/** The control plane of the run, and an emulated API server of one's own. */
export interface Servers {
  real: Server;
  emulated: Server;
  stop(): Promise<void>;
}

export async function connectServers(): Promise<Servers> {
  const emulator = await startKubeApi({ users: [limitedUser] });
  const connect = ({ url, ca, adminToken }: { url: string; ca: string; adminToken: string }): Server => ({
    url,
    dispatcher: new Agent({ connect: { ca }, allowH2: false }),
    tokens: { admin: adminToken },
  });
  const real = connect(inject("controlPlane"));
  const emulated = connect(emulator);
  return {
    real,
    emulated,
    async stop() {
      await real.dispatcher.destroy();
      await emulated.dispatcher.destroy();
      await emulator.stop();
    },
  };
}

export interface Received {
  status: number;
  type: string;
  warnings: unknown;
  text: string;
}

export async function send(server: Server, step: Step): Promise<Received> {
  const { method = "GET", path, type = "application/json", accept = "application/json", body, as = "admin" } = step;
  const token = server.tokens[as] ?? as;
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(server.url + path, {
    method: method as "GET",
    dispatcher: server.dispatcher,
    headers: {
      accept,
      "user-agent": "likeness/1",
      ...(token !== "nobody" && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": type }),
      ...step.headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  let text = "";
  if (step.readMs) void setTimeout(step.readMs).then(() => answer.destroy());
  try {
    for await (const chunk of answer) text += chunk;
  } catch (error) {
    if (!step.readMs) throw error;
  }
  return { status: statusCode, type: String(headers["content-type"]), warnings: headers["warning"], text };
}

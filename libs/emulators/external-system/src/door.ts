import { type IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { routable } from "./app.ts";
import { announce, type Exchange } from "./exchange.ts";
import { type Guard, type GuardName, splitGuards } from "./guards/guard.ts";
import type { ListenerSettings, Place } from "./listeners.ts";
import type { PauseGate } from "./pause-gate.ts";
import { describeRequest, type Received } from "./request-log.ts";
import { isUpgradePath, upgrade } from "./routes/upgrade.ts";

export interface Rooms {
  app: FastifyInstance;
  gate: PauseGate;
  guards: Record<GuardName, Guard>;
  log: { readonly total: number; add(received: Received): void };
}

/** The way of every request, whichever listener it came to: logged, held while paused, guarded, then routed. */
export function createDoor(rooms: Rooms): Pick<ListenerSettings, "onRequest" | "onUpgrade" | "upgrades"> {
  return {
    onRequest(request, response, place) {
      serveRequest(rooms, request, response, place).catch(() => request.destroy());
    },
    onUpgrade(request, socket, head, place) {
      // Out of HTTP's hands, an error of the socket would otherwise be nobody's and end the process.
      socket.on("error", () => socket.destroy());
      serveUpgrade(rooms, request, socket, head, place).catch(() => socket.destroy());
    },
    upgrades: (url) => isUpgradePath(splitGuards(url).rest),
  };
}

async function serveRequest(rooms: Rooms, request: IncomingMessage, response: ServerResponse, place: Place) {
  const exchange = enter(rooms, request, response, place);
  const path = await admit(rooms, exchange);
  if (path === undefined) return;
  announce(exchange);
  request.url = routable(path);
  rooms.app.routing(request, response);
}

async function serveUpgrade(rooms: Rooms, request: IncomingMessage, socket: Duplex, head: Buffer, place: Place) {
  // A refusing guard answers in HTTP, for which Node makes no response once a request asks for an upgrade.
  const response = new ServerResponse(request);
  if (!(socket instanceof Socket)) return void socket.destroy();
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.end());
  const exchange = enter(rooms, request, response, place);
  const path = await admit(rooms, exchange);
  if (path === undefined) return;
  response.detachSocket(socket);
  upgrade(exchange, path, socket, head);
}

function enter({ log }: Rooms, request: IncomingMessage, response: ServerResponse, place: Place): Exchange {
  const received = describeRequest(request, place, log.total + 1);
  const question = received.url.indexOf("?");
  log.add(received);
  response.once("finish", () => {
    received.status = response.statusCode;
  });
  return {
    request,
    response,
    received,
    query: new URLSearchParams(question < 0 ? "" : received.url.slice(question + 1)),
  };
}

/** The path for the routes, or undefined when a guard has answered. */
async function admit({ gate, guards }: Rooms, exchange: Exchange): Promise<string | undefined> {
  await gate.passed();
  const { guards: wanted, rest } = splitGuards(exchange.received.url);
  for (const { name, argument } of wanted) {
    if (await guards[name](exchange, argument)) return undefined;
  }
  return rest;
}

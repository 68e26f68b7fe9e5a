import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A replica behind the balancer. */
export interface Backend {
  readonly proxy: number;
  readonly external: number;
}

export interface Balancer {
  readonly port: number;
  /** How many backends get new connections at present. */
  readonly ready: number;
  /** Asks for its readiness from now on. */
  add(backend: Backend): void;
  /** Connections that it has given to a backend so far. */
  connectionsOf(backend: Backend): number;
  stop(): Promise<void>;
}

const probeMs = 50;

/**
 * Stands in for a Service: a new connection goes to one of the backends that say that they are ready (`/v1/ready`), in turn;
 * a connection that is there stays where it is, whatever its backend says later.
 */
export async function startBalancer(): Promise<Balancer> {
  const backends = new Map<Backend, { isReady: boolean; connections: number }>();
  const sockets = new Set<Socket>();
  let turn = 0;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const ready = [...backends].filter(([, { isReady }]) => isReady);
    const chosen = ready[turn++ % Math.max(1, ready.length)];
    if (chosen === undefined) {
      client.destroy();
      return;
    }
    chosen[1].connections++;
    const upstream = connect({ port: chosen[0].proxy, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    join(client, upstream);
    join(upstream, client);
  });

  function join(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on("data", (piece) => {
      if (to.write(piece)) return;
      from.pause();
      to.once("drain", () => from.resume());
    });
    from.on("end", () => to.end());
    from.on("error", () => to.resetAndDestroy());
    from.on("close", () => {
      sockets.delete(from);
      if (!from.readableEnded) to.destroy();
    });
  }

  const probes = setInterval(() => {
    for (const [backend, state] of backends) {
      void isReady(backend.external).then((ready) => {
        state.isReady = ready;
      });
    }
  }, probeMs);

  server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get ready() {
      return [...backends.values()].filter(({ isReady }) => isReady).length;
    },
    add: (backend) => void backends.set(backend, { isReady: false, connections: 0 }),
    connectionsOf: (backend) => backends.get(backend)?.connections ?? 0,
    async stop() {
      clearInterval(probes);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path: "/v1/ready", agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("error", () => resolve(false));
    sent.on("timeout", () => sent.destroy());
    sent.end();
  });
}

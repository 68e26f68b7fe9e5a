import type { Exchange, Listener, ListenerOptions } from "./door.ts";
import { defaultEngine } from "./engine.ts";
import { listenOnSockets } from "./http1/listener.ts";
import { listenerState } from "./listener-state.ts";
import { listenOnNode } from "./node-listener.ts";

/** Serves HTTP/1.1 on a port and hands every request to `handle` as it came, before its body is read. */
export function listen(options: ListenerOptions, handle: (exchange: Exchange) => void): Promise<Listener> {
  const state = listenerState(options, handle);
  const { engine = defaultEngine } = options;
  return engine === "sockets" ? listenOnSockets(options, state) : listenOnNode(options, state);
}

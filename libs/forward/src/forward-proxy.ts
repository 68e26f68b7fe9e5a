import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import type { ForwardProxy } from "./door.ts";

/** A tunnel that was not opened. */
export class TunnelRefused extends Error {
  override readonly name = "TunnelRefused";
  readonly code = "TUNNEL_REFUSED";
}

/**
 * Asks a proxy, on a connection to it, for one to `authority` (CONNECT; RFC 9110, 9.3.6): from then on the socket leads
 * there. It has no limit in time of its own: whoever destroys the socket ends it.
 */
export function openTunnel(
  socket: Socket,
  { origin, authorization }: ForwardProxy,
  authority: string,
  done: (error: Error | undefined) => void,
): void {
  const refuse = ({ statusCode }: IncomingMessage): void => {
    done(new TunnelRefused(`the proxy '${new URL(origin).host}' answered ${statusCode} for '${authority}'`));
  };
  const asking = request({
    method: "CONNECT",
    path: authority,
    headers: ["Host", authority, ...(authorization === undefined ? [] : ["Proxy-Authorization", authorization])],
    createConnection: () => socket,
  });
  asking.once("connect", (response, _socket, head) => {
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) {
      refuse(response);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    done(undefined);
  });
  asking.once("response", refuse);
  asking.once("error", done);
  asking.end();
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { LookupFunction, Socket } from "node:net";
import type { ForwardProxy } from "./door.ts";

/** A tunnel that was not opened. */
export class TunnelRefused extends Error {
  override readonly name = "TunnelRefused";
  readonly code = "TUNNEL_REFUSED";
}

export interface TunnelOptions {
  /** `host:port` of the target. */
  readonly authority: string;
  readonly timeoutMs: number;
  readonly lookup?: LookupFunction | undefined;
}

/** Asks a proxy for a connection to a target (RFC 9110, 9.3.6). */
export function openTunnel(
  { origin, authorization }: ForwardProxy,
  { authority, timeoutMs, lookup }: TunnelOptions,
  done: (error: Error | undefined, socket?: Socket) => void,
): void {
  const url = new URL(origin);
  const request = url.protocol === "https:" ? tlsRequest : plainRequest;
  const asked = request({
    method: "CONNECT",
    host: hostOf(url),
    port: portOf(url),
    path: authority,
    headers: ["Host", authority, ...(authorization === undefined ? [] : ["Proxy-Authorization", authorization])],
    agent: false,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const timer = setTimeout(() => {
    asked.destroy(Object.assign(new Error("the proxy did not answer in time"), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  const finish = (error: Error | undefined, socket?: Socket): void => {
    clearTimeout(timer);
    done(error, socket);
  };
  asked.once("connect", ({ statusCode = 0 }, socket, head) => {
    if (statusCode < 200 || statusCode > 299) {
      socket.destroy();
      finish(new TunnelRefused(`the proxy '${url.host}' answered ${statusCode} for '${authority}'`));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    finish(undefined, socket as Socket);
  });
  asked.once("response", (response) => {
    response.destroy();
    finish(new TunnelRefused(`the proxy '${url.host}' answered ${response.statusCode} for '${authority}'`));
  });
  asked.once("error", finish);
  asked.end();
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

export function portOf({ port, protocol }: URL): string {
  return port === "" ? (protocol === "https:" ? "443" : "80") : port;
}

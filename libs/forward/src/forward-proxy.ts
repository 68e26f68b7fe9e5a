import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { LookupFunction, Socket } from "node:net";

/** A forward proxy, taken apart once. */
export class ForwardProxy {
  readonly url: URL;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** Name and value, when the URL has a user. */
  readonly authorization: readonly string[];

  constructor(text: string) {
    const url = new URL(text);
    const { username, password } = url;
    const credentials = `${unescaped(username)}:${unescaped(password)}`;
    this.url = url;
    this.hostname = url.hostname.replace(/^\[|\]$/g, "");
    this.authorization =
      username === "" && password === ""
        ? []
        : ["Proxy-Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`];
  }
}

/** What is no escape stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

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
  { url, hostname, authorization }: ForwardProxy,
  { authority, timeoutMs, lookup }: TunnelOptions,
  done: (error: Error | undefined, socket?: Socket) => void,
): void {
  const request = url.protocol === "https:" ? tlsRequest : plainRequest;
  const asked = request({
    method: "CONNECT",
    host: hostname,
    port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port,
    path: authority,
    headers: ["Host", authority, ...authorization],
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

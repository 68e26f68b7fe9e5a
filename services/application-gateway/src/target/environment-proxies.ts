import { BlockList, isIP } from "node:net";
import type { ForwardProxy } from "@application-connector/forward";

/** Which forward proxy an origin is called through; undefined for none. */
export type ProxyFor = (origin: string) => ForwardProxy | undefined;

export interface ProxySettings {
  /** URLs, which may hold a user and a password; empty for none. */
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * Forward proxies as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them, read as Go's net/http reads them because
 * upstream does: `NO_PROXY` holds names (which mean their subdomains too), `.suffixes`, addresses and CIDRs, each with or
 * without a port, or `*`. The machine itself is never called through a proxy.
 */
export function environmentProxies({ httpProxy, httpsProxy, noProxy }: ProxySettings): ProxyFor {
  const http = readProxy(httpProxy);
  const https = readProxy(httpsProxy);
  if (http === undefined && https === undefined) return () => undefined;
  const excluded = exclusionsOf(noProxy);
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin);
    const proxy = protocol === "https:" ? https : http;
    if (proxy === undefined) return undefined;
    const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
    return excluded(host, port === "" ? (protocol === "https:" ? "443" : "80") : port) ? undefined : proxy;
  };
}

/** What is wrong with the URL of a proxy, for the check of a flag. It may hold a password, so it is not repeated. */
export function proxyMistake(text: string): string | undefined {
  return text === "" || readProxy(text) !== undefined ? undefined : "must be an http or https URL";
}

function readProxy(text: string): ForwardProxy | undefined {
  if (text === "") return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") return undefined;
  const { origin, username, password } = url;
  if (username === "" && password === "") return { origin };
  const credentials = Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString("base64");
  return { origin, authorization: `Basic ${credentials}` };
}

/** What is no escape stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Exclusion = (host: string, port: string) => boolean;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const isLocal: Exclusion = (host) => host === "localhost" || isIn(loopback, host);

function exclusionsOf(text: string): Exclusion {
  const words = text.split(/[\s,]+/).map((word) => word.toLowerCase());
  const all = [isLocal, ...words.filter((word) => word !== "").map(exclusionOf)];
  return (host, port) => all.some((excludes) => excludes(host, port));
}

function exclusionOf(word: string): Exclusion {
  if (word === "*") return () => true;
  const [, network = "", bits] = /^([^/]+)\/(\d{1,3})$/.exec(word) ?? [];
  if (isIP(network) !== 0) {
    const list = new BlockList();
    const isFour = isIP(network) === 4;
    if (Number(bits) > (isFour ? 32 : 128)) return () => false;
    list.addSubnet(network, Number(bits), isFour ? "ipv4" : "ipv6");
    return (host) => isIn(list, host);
  }
  const [, bracketed, name = bracketed ?? "", port] =
    /^(?:\[([^\]]+)\]|([^:]+|[^[\]]*:[^[\]]*:[^[\]]*))(?::(\d+))?$/.exec(word) ?? [];
  const fits = (other: string): boolean => port === undefined || port === other;
  if (isIP(name) !== 0) {
    const list = new BlockList();
    list.addAddress(name, isIP(name) === 4 ? "ipv4" : "ipv6");
    return (host, other) => isIn(list, host) && fits(other);
  }
  const suffix = `.${name.replace(/^\*?\./, "")}`;
  const isSuffixOnly = /^\*?\./.test(name);
  if (name === "") return () => false;
  return (host, other) => fits(other) && (host.endsWith(suffix) || (!isSuffixOnly && `.${host}` === suffix));
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? "ipv4" : "ipv6");
}

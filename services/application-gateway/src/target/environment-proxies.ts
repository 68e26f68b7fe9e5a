import { BlockList, isIP } from "node:net";

/** Which forward proxy an origin is called through; undefined for none. */
export type ProxyFor = (origin: string) => string | undefined;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Forward proxies as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them, read as Go's net/http reads them because
 * upstream does: `NO_PROXY` holds names (which mean their subdomains too), `.suffixes`, addresses and CIDRs, each with or
 * without a port, or `*`. The machine itself is never called through a proxy. Throws a sentence about a URL that is none.
 */
export function environmentProxies(env: Environment): ProxyFor {
  const http = proxyOf("HTTP_PROXY", env);
  const https = proxyOf("HTTPS_PROXY", env);
  if (http === undefined && https === undefined) return () => undefined;
  const excluded = exclusionsOf(given("NO_PROXY", env) ?? "");
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin);
    const proxy = protocol === "https:" ? https : http;
    if (proxy === undefined) return undefined;
    const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
    return excluded(host, port === "" ? (protocol === "https:" ? "443" : "80") : port) ? undefined : proxy;
  };
}

function given(name: string, env: Environment): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

function proxyOf(name: string, env: Environment): string | undefined {
  const text = given(name, env);
  if (text === undefined) return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    // It may hold a password.
    throw new Error(`${name} is no http or https URL`);
  }
  const userinfo = url.username === "" && url.password === "" ? "" : `${url.username}:${url.password}@`;
  return `${url.protocol}//${userinfo}${url.host}`;
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

/**
 * Loaded into a program before its own modules (`node --import`): names are looked up at the server that
 * `TEST_NAME_SERVER` names, and no longer where the machine looks them up, which a test cannot change.
 */
import dns, { Resolver } from "node:dns";
import { syncBuiltinESMExports } from "node:module";

const server = process.env["TEST_NAME_SERVER"];
if (server === undefined) throw new Error("TEST_NAME_SERVER must name a server, as 127.0.0.1:53");

const resolver = new Resolver({ timeout: 300, tries: 1 });
resolver.setServers([server]);
const byMachine = dns.lookup;

type Callback = (error: Error | null, ...found: unknown[]) => void;

/** As `dns.lookup`, for names below `.test` (RFC 6761). */
function lookup(name: string, ...rest: [Callback] | [dns.LookupOptions | number, Callback]): void {
  if (!name.endsWith(".test")) {
    (byMachine as (...args: unknown[]) => void)(name, ...rest);
    return;
  }
  const callback = rest.at(-1) as Callback;
  const [options] = rest;
  const all = typeof options === "object" && options.all === true;
  resolver.resolve4(name, (error, addresses) => {
    if (error) callback(Object.assign(error, { syscall: "getaddrinfo", hostname: name }));
    else if (all)
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    else callback(null, addresses[0], 4);
  });
}

Object.assign(dns, { lookup });
syncBuiltinESMExports();

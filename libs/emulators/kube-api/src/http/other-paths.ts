import { oneGroup, resourceList, sendRoot } from "../discovery/discovery.ts";
import { openapi } from "../discovery/openapi.ts";
import type { Kinds } from "../kinds/kinds.ts";
import { methodNotAllowed } from "../status.ts";
import type { Call } from "./call.ts";
import { notThere, send } from "./respond.ts";

const version = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.3",
  gitCommit: "emulated",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "go1.26.8",
  compiler: "gc",
  platform: "linux/amd64",
};

/** Everything that is not about a resource: health, version, discovery, OpenAPI. */
export function otherPaths(kinds: Kinds, address: () => string): (call: Call) => Promise<void> {
  return async (call) => {
    const { path } = call.info;
    if (!["GET", "HEAD"].includes(call.request.method ?? "")) throw methodNotAllowed();
    const parts = path.split("/").filter((part) => part !== "");
    const [root, group = "", groupVersion = ""] = parts;
    switch (root) {
      case "healthz":
      case "livez":
      case "readyz":
        return health(call, root);
      case "version":
        return send(call, { body: JSON.stringify(version) });
      case "api":
        if (parts.length === 1) return sendRoot(call, kinds, true, address());
        return sendFound(call, resourceList(kinds, "", group));
      case "apis":
        if (parts.length === 1) return sendRoot(call, kinds, false, address());
        if (parts.length === 2) return sendFound(call, oneGroup(kinds, group));
        return sendFound(call, resourceList(kinds, group, groupVersion));
      case "openapi":
        return openapi(call, kinds);
      case undefined:
        return send(call, {
          body: JSON.stringify({
            paths: ["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"],
          }),
        });
      default:
        return notThere(call);
    }
  };
}

function health(call: Call, name: string): void {
  const verbose = call.query.has("verbose");
  const body = verbose ? `[+]ping ok\n[+]log ok\n[+]etcd ok\n${name} check passed\n` : "ok";
  send(call, { body, contentType: "text/plain; charset=utf-8" });
}

function sendFound(call: Call, answer: object | undefined): void {
  if (answer) send(call, { body: JSON.stringify(answer) });
  else notThere(call);
}

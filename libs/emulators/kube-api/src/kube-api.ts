import { randomBytes } from "node:crypto";
import { type Authority, createAuthority } from "@application-connector/x509";
import { serverAudience, Tokens, type TokenUser } from "./auth/tokens.ts";
import { bootstrap } from "./bootstrap.ts";
import { GarbageCollector } from "./collect/garbage-collector.ts";
import { Faults } from "./faults/faults.ts";
import { RequestLog } from "./faults/request-log.ts";
import { dispatch } from "./http/dispatch.ts";
import { requestHandler } from "./http/handler.ts";
import { Listener } from "./http/listener.ts";
import { otherPaths } from "./http/other-paths.ts";
import { specialHandler } from "./http/special.ts";
import { InProcess } from "./in-process.ts";
import { DefinitionController } from "./kinds/crd-controller.ts";
import { Kinds } from "./kinds/kinds.ts";
import { kubeconfig } from "./kubeconfig.ts";
import type { KubeObject } from "./objects.ts";
import { Store } from "./store/store.ts";
import { WatchHub } from "./watch/hub.ts";

export interface KubeApiOptions {
  /** 0, the default, takes any free one. */
  port?: number;
  /** Issues the server's certificate; without it the server makes an authority of its own. */
  authority?: Authority;
  /** CustomResourceDefinitions that are there from the start. */
  crds?: readonly object[];
  /** Beside the administrator. A name `system:serviceaccount:ns:name` gets that account's groups. */
  users?: readonly TokenUser[];
  clock?: { now(): number };
  /** Where resourceVersions begin. One that takes the place of another server must not count from the start again. */
  firstRevision?: number;
  /** Bookmarks come this often to watches that want them: once a minute, as from the real server. */
  bookmarkIntervalMs?: number;
}

/** A running API server. What it stores survives `stop()` and `start()`, as etcd would keep it. */
export interface KubeApi extends InProcess {
  readonly url: string;
  readonly port: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** A member of system:masters. */
  readonly adminToken: string;
  /** A kubeconfig for a token (the administrator's, if none is given), with everything embedded. */
  kubeconfig(token?: string): string;
  addUser(user: TokenUser): void;
  /** A token of a ServiceAccount, which must exist, as a pod gets one projected. For this server when no audience is named. */
  serviceAccountToken(account: { namespace: string; name: string }, audience?: string): string;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** TCP connections since the beginning, and now. */
  readonly connections: { readonly opened: number; readonly open: number };
  /** The newest resourceVersion. */
  readonly resourceVersion: string;
  /** Every older resourceVersion is gone from now on: 410. */
  compact(): void;
  closeWatches(how?: "clean" | "reset"): void;
  /** Drops all connections and closes the port. */
  stop(): Promise<void>;
  /** Comes back on the same port with the same data. */
  start(): Promise<void>;
}

/** Starts an API server on loopback, over TLS, with its data in memory. */
export async function startKubeApi(options: KubeApiOptions = {}): Promise<KubeApi> {
  const now = () => options.clock?.now() ?? Date.now();
  const authority = options.authority ?? createAuthority({ subject: "CN=emulated-kubernetes" });
  const adminToken = randomBytes(24).toString("base64url");
  const store = new Store(now, options.firstRevision);
  const kinds = new Kinds();
  const cluster = { store, kinds, now };
  const hub = new WatchHub(store);
  const admin = { token: adminToken, name: "kubernetes-admin", groups: ["system:masters"] };
  const tokens = new Tokens([admin, ...(options.users ?? [])], store, now);
  const requests = new RequestLog();
  const faults = new Faults(hub, tokens, store);
  const inProcess = new InProcess(cluster);

  new DefinitionController(cluster).start();
  new GarbageCollector(cluster).start();
  bootstrap(cluster);
  for (const crd of options.crds ?? []) inProcess.create(crd as KubeObject);

  const { certificate, key } = authority.issue({
    subject: "CN=kube-apiserver",
    usage: ["server"],
    dnsNames: ["localhost", "kubernetes", "kubernetes.default.svc"],
    ipAddresses: ["127.0.0.1"],
  });
  const limits = { bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000 };
  const routes = { cluster, hub, limits, special: specialHandler(tokens) };
  const listener = new Listener(
    options.port ?? 0,
    { cert: `${certificate}${authority.chain}`, key },
    requestHandler({
      store,
      tokens,
      faults,
      log: requests,
      resource: (call) => dispatch(routes, call),
      other: otherPaths(kinds, () => `127.0.0.1:${listener.port}`),
    }),
  );
  await listener.start();

  const url = `https://127.0.0.1:${listener.port}`;
  const rest: Omit<KubeApi, keyof InProcess> = {
    url,
    port: listener.port,
    ca: authority.certificate,
    adminToken,
    kubeconfig: (token = adminToken) => kubeconfig(url, authority.certificate, token),
    addUser: (user: TokenUser) => tokens.add(user),
    serviceAccountToken({ namespace, name }, audience = serverAudience) {
      const issued = tokens.issue(namespace, name, 3600, [audience]);
      if (issued === undefined) throw new Error(`there is no ServiceAccount ${namespace}/${name}`);
      return issued.token;
    },
    requests,
    faults,
    get connections() {
      return listener.connections;
    },
    get resourceVersion() {
      return String(store.revision);
    },
    compact: () => store.compact(),
    closeWatches: (how: "clean" | "reset" = "clean") => faults.closeWatches(how),
    stop: () => listener.stop(),
    start: () => listener.start(),
  };
  // Not Object.assign: the getters must stay getters.
  return Object.defineProperties(inProcess, Object.getOwnPropertyDescriptors(rest)) as KubeApi;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type IdentityProvider, startIdentityProvider } from "@application-connector/identity-provider-emulator";
import { authorization, type Cluster, type ClusterOptions, oauthClient, startCluster } from "./cluster.ts";
import { type Formation, startFormation } from "./formation.ts";
import { startMutualTlsNginx, writeMutualTls } from "./mutual-tls.ts";
import { type Peer, peers } from "./peers.ts";
import { freePort, type Running } from "./processes.ts";
import { application } from "./routes.ts";
import { type Gateway, type Subject, startAgent, startGateway, startValidator } from "./subjects.ts";
import { startTarget, type Target } from "./target.ts";

/** What one run of the harness has decided for all its scenarios. */
export interface Effort {
  readonly seconds: number;
  readonly connections: number;
  readonly blobBytes: number;
  readonly blobCount: number;
  /** Applications of the scenario with many. */
  readonly applications: number;
}

export interface WorldOptions {
  /** Beside the usual ones. */
  readonly peers: readonly Peer[];
  /** Where CPU profiles are written. */
  readonly profiles: string | undefined;
  /** What carries the bytes of gateway and validator; their default, when undefined. */
  readonly engine: string | undefined;
}

/** Everything that a run starts: each part when it is first wanted, all of it ended by {@link World.stop}. */
export class World {
  readonly effort: Effort;
  readonly folder: string;
  readonly #options: WorldOptions;
  readonly #stops: (() => Promise<unknown>)[] = [];
  readonly #started = new Map<string, Promise<unknown>>();

  constructor(effort: Effort, options: WorldOptions) {
    this.effort = effort;
    this.folder = mkdtempSync(path.join(tmpdir(), "bench-"));
    this.#options = options;
  }

  /** Names of the peers given on the command line. */
  get extra(): readonly string[] {
    return this.#options.peers.map(({ name }) => name);
  }

  target(): Promise<Target> {
    return this.#once("target", () => startTarget(this.folder, this.effort.blobBytes));
  }

  identityProvider(): Promise<IdentityProvider> {
    return this.#once("identity provider", () => startIdentityProvider({ clients: [oauthClient] }));
  }

  cluster(name = "cluster", options: ClusterOptions = {}): Promise<Cluster> {
    return this.#once(name, async () => {
      const { tokenUrl } = await this.identityProvider();
      return startCluster(this.folder, name, await this.target(), { tokenUrl, ...options });
    });
  }

  /** The gateway that most scenarios share. */
  gateway(): Promise<Subject> {
    return this.#once("gateway", async () => this.newGateway("gateway", await this.cluster()));
  }

  /** One of its own. */
  async newGateway(
    name: string,
    { kubeconfigFile }: Pick<Cluster, "kubeconfigFile">,
    flags: readonly string[] = [],
  ): Promise<Gateway> {
    const { caFile } = await this.target();
    const { profiles } = this.#options;
    const options = { kubeconfig: kubeconfigFile, caFile, profiles, flags: [...this.#engine, ...flags] };
    return this.#keep(await startGateway(name, options));
  }

  validator(): Promise<Subject> {
    return this.#once("validator", () => this.newValidator());
  }

  /** The same, and its receiver takes batches. */
  validatorOfBatches(): Promise<Subject> {
    return this.#once("validator of batches", () => this.newValidator(["--eventingBatches=on"]));
  }

  async newValidator(more: readonly string[] = []): Promise<Subject> {
    const [{ caFile, port }, { kubeconfigFile }] = [await this.target(), await this.cluster()];
    const { profiles } = this.#options;
    const options = { kubeconfig: kubeconfigFile, caFile, profiles, flags: [...this.#engine, ...more] };
    return this.#keep(await startValidator(options, port));
  }

  /** An agent that has no formation. */
  async newAgent(): Promise<Subject> {
    const [{ caFile }, { kubeconfigFile }] = [await this.target(), await this.cluster()];
    return this.#keep(await startAgent("agent", { kubeconfig: kubeconfigFile, uclCa: caFile }));
  }

  /** What a scenario starts for itself; ended with the rest. */
  own<T extends { stop(): Promise<unknown> }>(name: string, start: () => Promise<T>): Promise<T> {
    return this.#once(name, start);
  }

  /** The validator's own ingress and nginx, with the same certificates. */
  async mutualTls() {
    const files = await this.#once("mutual TLS files", async () => ({
      ...writeMutualTls(this.folder, application),
      stop: async () => undefined,
    }));
    const nginx = await this.#once("mutual TLS nginx", () => startMutualTlsNginx(this.folder, files));
    const validator = await this.#once("mutual TLS validator", async () => {
      const [{ caFile, port }, { kubeconfigFile }] = [await this.target(), await this.cluster()];
      const mtls = await freePort();
      const flags = [
        ...this.#engine,
        `--mtlsPort=${mtls}`,
        `--mtlsCertFile=${files.certFile}`,
        `--mtlsKeyFile=${files.keyFile}`,
        `--mtlsClientCAFile=${files.caFile}`,
      ];
      const options = { kubeconfig: kubeconfigFile, caFile, profiles: this.#options.profiles, flags };
      const started = await startValidator(options, port);
      return { ...started, name: "validator, mutual TLS", port: mtls };
    });
    return { nginx, validator, tls: files.client };
  }

  /** An agent with a formation of so many applications. */
  formation(applications: number): Promise<Formation> {
    return this.#once(`formation ${applications}`, () => startFormation(this.folder, applications));
  }

  /** A gateway that serves what an agent has mirrored. */
  async gatewayOf(formation: Formation): Promise<Gateway> {
    const start = () => this.newGateway("gateway of the formation", formation);
    return this.#once(`gateway of ${formation.applications}`, start);
  }

  /** undefined when it is not installed; that is said once. */
  peer(name: string): Promise<Running | undefined> {
    return this.#once(`peer ${name}`, async () => {
      const peer = [...peers, ...this.#options.peers].find((candidate) => candidate.name === name);
      const remedy = peer === undefined ? "no such peer" : peer.absent();
      if (peer === undefined || remedy !== undefined) {
        console.log(`${name} is absent and left out: ${remedy}`);
        return undefined;
      }
      const { kubeconfigFile } = await this.cluster();
      return peer.start({
        folder: this.folder,
        target: await this.target(),
        authorization,
        kubeconfig: kubeconfigFile,
      });
    });
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #engine(): readonly string[] {
    const { engine } = this.#options;
    return engine === undefined ? [] : [`--engine=${engine}`];
  }

  #once<T extends { stop(): Promise<unknown> } | undefined>(name: string, start: () => Promise<T>): Promise<T> {
    const known = this.#started.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const starting = start().then((part) => this.#keep(part));
    this.#started.set(name, starting);
    return starting;
  }

  #keep<T extends { stop(): Promise<unknown> } | undefined>(part: T): T {
    if (part !== undefined) this.#stops.push(() => part.stop());
    return part;
  }
}

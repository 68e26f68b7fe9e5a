import type { ApplicationConnector } from "@application-connector/crds";
import { addFinalizer, type Client, hasFinalizer, type KubeObject, type Result } from "@application-connector/kube";
import type { BundleSettings, KubernetesObject } from "../bundle/index.ts";
import type { Caches } from "../cluster/caches.ts";
import { selectedNamespaces } from "../cluster/selected-namespaces.ts";
import { failureFrom, failureOf, messageOf, postponedMs } from "../install/errors.ts";
import type { Installed, Installer } from "../install/install.ts";
import { finalizer, pauseAnnotation } from "../names.ts";
import type { ManagerStats } from "../observe/stats.ts";
import { agentActivation } from "../settings/agent.ts";
import { settingsOf } from "../settings/settings.ts";
import { specMistake } from "../settings/spec-mistake.ts";
import { type Finding, failed } from "../status/finding.ts";
import { domainRemedy } from "../status/status.ts";
import { storedConnectors } from "../status/write-status.ts";
import type { Surroundings } from "./surroundings.ts";
import { verify } from "./verify.ts";

export interface FollowParts {
  readonly client: Client;
  readonly caches: Caches;
  readonly installer: Installer;
  readonly defaults: BundleSettings;
  readonly images: Readonly<Record<"gateway" | "validator" | "agent", string>>;
  readonly render: (settings: BundleSettings) => readonly KubernetesObject[];
  readonly stats: ManagerStats;
  /** Writes what was found out, with everything else that is known. */
  readonly report: (
    object: ApplicationConnector,
    finding: Finding,
    signal: AbortSignal,
  ) => Promise<ApplicationConnector>;
}

export interface Follower {
  /** Installs what the served object asks for, and says in its status what came of it. */
  follow(object: ApplicationConnector, around: Surroundings, signal: AbortSignal): Promise<Result>;
  /** Keeps what is installed as it should be, of an object that is to go and must not yet; its status speaks of that. */
  keep(object: ApplicationConnector, around: Surroundings, signal: AbortSignal): Promise<void>;
}

export function createFollower({
  client,
  caches,
  installer,
  defaults,
  images,
  render,
  stats,
  report,
}: FollowParts): Follower {
  /** What there is to install, or why that cannot be said. */
  const objectsFor = (object: ApplicationConnector, { domain, versionOf }: Surroundings) => {
    if (domain === undefined) return failed("Warning", "DomainNotFound", domainRemedy);
    const settings = settingsOf(object, {
      defaults,
      images,
      domain,
      versionOf,
      agent: agentActivation(object, caches.agentSecret.list()[0]),
      namespacesWith: (selector) => selectedNamespaces(selector, caches.namespaces().list()),
    });
    try {
      return render(settings);
    } catch (error) {
      return failed("Error", "RenderError", "the objects to install cannot be rendered", messageOf(error));
    }
  };

  const follow: Follower["follow"] = async (object, around, signal) => {
    const told = async (about: ApplicationConnector, finding: Finding): Promise<Result> => {
      await report(about, finding, signal);
      return {};
    };
    const mistake = specMistake(object);
    if (mistake !== undefined) return told(object, failed("Error", "InvalidSpec", mistake));
    const { missing, names } = around.dependencies;
    if (missing !== undefined) {
      const detail = `${missing}: ${names.join(", ")} must be installed`;
      return told(object, failed("Error", "ApplyObjError", missing, detail));
    }
    if (isPaused(object)) return told(object, around.standing);

    let current = object;
    if (!hasFinalizer(current, finalizer)) {
      const held = await addFinalizer(client, storedConnectors, current, finalizer, { signal });
      if (held === undefined || held.metadata.deletionTimestamp !== undefined) return {};
      current = await report(held, { kind: "initialized" }, signal);
    }
    const objects = objectsFor(current, around);
    if ("kind" in objects) return told(current, objects);
    let installed: Installed;
    try {
      installed = await installer.install(objects, asAbout(current), signal);
    } catch (error) {
      signal.throwIfAborted();
      await report(current, failureFrom(error), signal);
      throw error;
    }
    stats.saw(installed.objects);
    await report(current, verify(installed), signal);
    // Tried again with growing pauses: whatever was in the way tells nobody that it is gone.
    if (failureOf(installed.failures) !== undefined) throw installed.failures[0]?.error;
    return { requeueAfterMs: postponedMs(installed.failures) };
  };

  const keep: Follower["keep"] = async (object, around, signal) => {
    if (specMistake(object) !== undefined || around.dependencies.missing !== undefined) return;
    const objects = objectsFor(object, around);
    if ("kind" in objects) return;
    const installed = await installer.install(objects, asAbout(object), signal);
    stats.saw(installed.objects);
    if (failureOf(installed.failures) !== undefined) throw installed.failures[0]?.error;
  };

  return { follow, keep };
}

export const isPaused = ({ metadata }: ApplicationConnector): boolean =>
  metadata.annotations?.[pauseAnnotation] === "true";

/** What Events are told of: it needs to say what it is. */
const asAbout = (object: ApplicationConnector): KubeObject => ({
  ...object,
  apiVersion: "operator.kyma-project.io/v1alpha1",
  kind: "ApplicationConnector",
});

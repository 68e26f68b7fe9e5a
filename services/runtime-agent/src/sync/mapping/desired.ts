import type { ApplicationSpec } from "@application-connector/crds";
import type { Problem } from "../problem.ts";

/** What the agent decides about an Application's spec; everything else in it is its users'. */
export type OwnedSpec = Required<Pick<ApplicationSpec, "description" | "labels" | "services" | "compassMetadata">>;

/** An application of the Director as the cluster should have it. */
export interface DesiredApplication {
  /** In the Director. */
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: OwnedSpec;
  readonly secrets: readonly DesiredSecret[];
  /** Secrets that are referred to and cannot be written: what there is of them stays. */
  readonly keptSecrets: readonly string[];
  /** What is wrong with it already before anything is written. */
  readonly problems: readonly Problem[];
}

export interface DesiredSecret {
  readonly name: string;
  readonly bundleId: string;
  /** As plain text. */
  readonly data: Readonly<Record<string, string>>;
}

export const managedByLabel = "applicationconnector.kyma-project.io/managed-by";
export const fieldManager = "compass-runtime-agent";
export const formationsAnnotation = "applicationconnector.kyma-project.io/formations";
export const pausedAnnotation = "applicationconnector.kyma-project.io/paused";
/** On Secrets of an Application whose name is no value of a label. */
export const applicationAnnotation = "applicationconnector.kyma-project.io/application";

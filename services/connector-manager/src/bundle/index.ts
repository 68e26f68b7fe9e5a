export { defaultSettings } from "./generated/bundle.ts";
export { helmValues } from "./helm-values.ts";
export { type BundleEntry, render } from "./render.ts";
export {
  type BundleSettings,
  type IngressMode,
  ingressModes,
  type KubernetesObject,
  type LabelSelector,
  type NetworkPolicyMode,
  networkPolicyModes,
  type ResourceRequirements,
  type Scaling,
} from "./settings.ts";

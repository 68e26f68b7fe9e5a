import type { customResourceDefinitions } from "@application-connector/crds";

const group = "eventing.kyma-project.io";
/** Eventing's own, as far as a test needs it. */
export const subscriptionDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `subscriptions.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "subscriptions", singular: "subscription", kind: "Subscription", listKind: "SubscriptionList" },
    versions: [
      {
        name: "v1alpha2",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        },
      },
    ],
  },
} as unknown as (typeof customResourceDefinitions)[number];

export const subscription = (name: string, spec: object) => ({
  apiVersion: `${group}/v1alpha2`,
  kind: "Subscription",
  metadata: { name, namespace: "default" },
  spec,
});

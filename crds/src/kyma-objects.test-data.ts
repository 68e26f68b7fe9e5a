import type { Application } from "./generated/applications.ts";

/** Objects as releases of Kyma and their users have written them. */
export const kymaObjects: Readonly<Record<string, Application>> = {
  "without a spec": {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "bare" },
  },
  "with an empty spec": {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "empty", resourceVersion: "812", generation: 1, creationTimestamp: "2021-03-04T05:06:07Z" },
    spec: {},
  },
  "from the tutorial: one API with OAuth": {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "crm" },
    spec: {
      description: "CRM",
      skipVerify: false,
      labels: { app: "crm" },
      services: [
        {
          id: "f03aafcc-85ad-4665-a46a-bf455f5fa0b3",
          name: "orders-f03aa",
          displayName: "Orders API",
          description: "Orders",
          providerDisplayName: "ACME",
          entries: [
            {
              type: "API",
              targetUrl: "https://crm.example.com/orders",
              centralGatewayUrl: "http://central-application-gateway.kyma-system:8080/crm/orders-api",
              requestParametersSecretName: "crm-params",
              credentials: {
                type: "OAuth",
                secretName: "crm-oauth",
                authenticationUrl: "https://crm.example.com/oauth/token",
                csrfInfo: { tokenEndpointURL: "https://crm.example.com/csrf" },
              },
            },
          ],
        },
      ],
    },
  },
  "from the Runtime Agent: a bundle of APIs and events": {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "mp-commerce-cloud",
      labels: { "applicationconnector.kyma-project.io/managed-by": "compass-runtime-agent" },
      managedFields: [{ manager: "compass-runtime-agent", operation: "Update", fieldsType: "FieldsV1", fieldsV1: {} }],
    },
    spec: {
      description: "Description not provided",
      labels: { "connected-app": "mp-commerce-cloud" },
      skipVerify: false,
      encodeUrl: false,
      displayName: "",
      providerDisplayName: "",
      longDescription: "",
      compassMetadata: {
        applicationId: "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        authentication: { clientIds: ["cf889d2e-490e-4896-88d4-5ca6bdfc5b21", ""] },
      },
      services: [
        {
          id: "e4148ee9-79c0-4d81-863c-311f32aeed9b",
          identifier: "",
          name: "bndl-app-1-0d79e",
          displayName: "bndl-app-1",
          description: "Description not provided",
          providerDisplayName: "",
          authCreateParameterSchema: '{"type":"object"}',
          entries: [
            {
              type: "API",
              id: "a",
              name: "Orders",
              targetUrl: "https://shop.example.com",
              centralGatewayUrl:
                "http://central-application-gateway.kyma-system.svc.cluster.local:8082/mp-commerce-cloud/bndl-app-1/orders",
              gatewayUrl: "",
              credentials: { type: "", secretName: "" },
            },
            {
              type: "Events",
              id: "b",
              name: "Order events",
              targetUrl: "",
              centralGatewayUrl: "",
              gatewayUrl: "",
              credentials: { type: "", secretName: "" },
            },
          ],
        },
      ],
    },
    status: { installationStatus: { status: "", description: "" } },
  },
  "from the Runtime Agent: no bundles and no client ids": {
    metadata: { name: "mp-new" },
    spec: {
      description: "Description not provided",
      labels: { "connected-app": "mp-new" },
      compassMetadata: { applicationId: "", authentication: { clientIds: [] } },
      services: [],
    },
  },
  "from a release with Helm installations": {
    apiVersion: "applicationconnector.kyma-project.io/v1alpha1",
    kind: "Application",
    metadata: { name: "old", annotations: {}, finalizers: ["applicationconnector.kyma-project.io/x"] },
    spec: {
      description: "",
      skipInstallation: true,
      accessLabel: "old-app",
      labels: null,
      tags: null,
      tenant: "t",
      group: "g",
      services: [
        {
          id: "1",
          name: "n",
          displayName: "",
          description: "",
          longDescription: "x",
          providerDisplayName: "",
          labels: null,
          tags: ["one"],
          entries: [{ type: "Events", apiType: "x", specificationUrl: "https://x/y", accessLabel: "a.b_c-d" }],
        },
      ],
    },
    status: { installationStatus: { status: "DEPLOYED" } },
  },
  "with conditions": {
    metadata: { name: "reported" },
    spec: { encodeUrl: true },
    status: {
      conditions: [
        {
          type: "Synced",
          status: "False",
          observedGeneration: 3,
          lastTransitionTime: "2026-01-02T03:04:05Z",
          reason: "NameConflict",
          message: "",
        },
      ],
    },
  },
};

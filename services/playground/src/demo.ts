import { applications } from "@application-connector/crds";
import type { ObjectInput } from "@application-connector/kube-api-emulator";

/** Where the demo's external system and its token server are. */
export interface DemoSystems {
  readonly externalSystem: string;
  readonly tokenUrl: string;
}

export const secretsNamespace = "kyma-system";

/** What the demo's systems accept. Known to everybody: they hold no data but the demo's. */
export const credentials = {
  oauth: { id: "demo-crm", secret: "playground-client-secret" },
  basic: { username: "demo", password: "playground-password" },
};

/** The client certificates: the name of their files and whom they say to be. */
export const clients = [
  { application: "demo-crm", commonName: "demo-crm" },
  // As the Runtime Agent writes it: the certificate carries the id of the system in UCL, not the Application's name.
  { application: "demo-shop", commonName: "6c3b4f1e-3b0c-4d6e-9a52-0f6f3a2b7c11" },
] as const;

/** One Application as a person writes it, one as the Runtime Agent does, and the Secrets of both. */
export function demoObjects({ externalSystem, tokenUrl }: DemoSystems): ObjectInput[] {
  const apiVersion = `${applications.group}/${applications.version}`;
  const secret = (name: string, values: Record<string, string>): ObjectInput => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: secretsNamespace },
    type: "Opaque",
    stringData: values,
  });
  const service = (displayName: string, description: string, entries: object[]): object => ({
    id: displayName.toLowerCase().replaceAll(" ", "-"),
    name: displayName.toLowerCase().replaceAll(" ", "-"),
    displayName,
    description,
    providerDisplayName: "Demo Company",
    identifier: "",
    entries,
  });
  const oauth = { type: "OAuth", secretName: "demo-crm-oauth", authenticationUrl: tokenUrl };
  const basic = { type: "Basic", secretName: "demo-basic" };
  const api = (name: string, path: string, credentials?: object): object => ({
    type: "API",
    name,
    targetUrl: `${externalSystem}${path}`,
    ...(credentials && { credentials }),
  });

  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: secretsNamespace } },
    secret("demo-crm-oauth", { clientId: credentials.oauth.id, clientSecret: credentials.oauth.secret }),
    secret("demo-basic", credentials.basic),
    {
      apiVersion,
      kind: applications.kind,
      metadata: { name: "demo-crm", labels: { "app.kubernetes.io/part-of": "playground" } },
      spec: {
        description: "A customer system, integrated by hand",
        skipVerify: false,
        services: [
          service("Orders", "Needs an OAuth token, which the gateway fetches", [api("orders", "/oauth/api", oauth)]),
          service("Customers", "Needs a user and a password", [api("customers", "/basic/api", basic)]),
          service("Echo", "Shows what arrives at the external system", [api("echo", "/echo")]),
        ],
      },
    },
    {
      apiVersion,
      kind: applications.kind,
      metadata: { name: "demo-shop", labels: { "app.kubernetes.io/part-of": "playground" } },
      spec: {
        description: "A shop, as the Runtime Agent writes what it finds in UCL",
        skipVerify: false,
        encodeUrl: false,
        compassMetadata: {
          applicationId: clients[1].commonName,
          authentication: { clientIds: [clients[1].commonName] },
        },
        services: [
          service("Shop Bundle", "Two APIs with one credential", [
            api("Products", "/basic/echo/products", basic),
            api("Orders API", "/basic/api", basic),
          ]),
        ],
      },
    },
  ];
}

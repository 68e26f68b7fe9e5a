/** Where the demo's external system and its token server are. */
export interface DemoSystems {
  readonly externalSystem: string;
  readonly tokenUrl: string;
}

/** What the demo's systems accept. Known to everybody: they hold no data but the demo's. */
export const credentials = {
  oauth: { id: "demo-crm", secret: "playground-client-secret" },
  basic: { username: "demo", password: "playground-password" },
};

/** An external system as it is registered in UCL. */
export interface DemoSystem {
  readonly name: string;
  readonly description: string;
  readonly bundles: readonly object[];
}

/** The systems of the demo: one with an API in each bundle, one with two APIs that share a credential. */
export function demoSystems({ externalSystem, tokenUrl }: DemoSystems): DemoSystem[] {
  const { id: clientId, secret: clientSecret } = credentials.oauth;
  const oauth = { credential: { oauth: { clientId, clientSecret, url: tokenUrl } } };
  const basic = { credential: { basic: credentials.basic } };
  const bundle = (name: string, description: string, apis: [name: string, path: string][], auth?: object): object => ({
    name,
    description,
    ...(auth && { defaultInstanceAuth: auth }),
    apiDefinitions: apis.map(([api, path]) => ({ name: api, targetURL: `${externalSystem}${path}` })),
  });
  return [
    {
      name: "demo-crm",
      description: "A customer system with three APIs",
      bundles: [
        bundle("Orders", "Needs an OAuth token, which the gateway fetches", [["orders", "/oauth/api"]], oauth),
        bundle("Customers", "Needs a user and a password", [["customers", "/basic/api"]], basic),
        bundle("Echo", "Shows what arrives at the external system", [["echo", "/echo"]]),
      ],
    },
    {
      name: "demo-shop",
      description: "A shop with two APIs behind one credential",
      bundles: [
        bundle(
          "Shop Bundle",
          "Two APIs with one credential",
          [
            ["Products", "/basic/echo/products"],
            ["Orders API", "/basic/api"],
          ],
          basic,
        ),
      ],
    },
  ];
}

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { type Answered, call, raw } from "./http.ts";
import { diagnosisToken } from "./last-words.ts";
import { startCollector } from "./otlp-collector.ts";
import { runningWith } from "./program.ts";
import { ledger } from "./secrecy-ledger.ts";
import { headersOf, useWorld } from "./world.ts";

const world = useWorld();

/** Every secret of this file holds this word, so that a piece of one is found as well as the whole. */
const word = "hidden";
const texts = (value: string): string => JSON.stringify({ [`x-${word}`]: [value] });

/** None of these routes says what it was sent. */
const routes = [
  "/status/200?key=hidden",
  "/status/401",
  "/status/503",
  "/redirect?location=%23f",
  "/broken/reset-before-head",
  "/broken/garbage-head",
  "/broken/short-content-length",
  "/../outside",
];

test("nothing secret is in logs at any level, in metrics, diagnosis or spans, or in what a client sees", async () => {
  world.idp.register({ id: "client", secret: "hidden-client" });
  const sound = working();
  const apps = [...sound, ...broken()];
  await world.settled();
  const collector = await startCollector();
  const flags = ["--logLevel=debug", "--accessLog", "--proxyTimeout=2"];
  const gateway = await runningWith(collector.variables, world.kubeconfig, ...flags);
  const { proxy, external } = gateway.ports;
  const told: string[] = [];
  const own = ["Authorization", "Bearer hidden-own", "Cookie", "c=hidden-cookie", "X-CSRF-Token", "hidden-csrf"];
  for (const app of sound) expect((await call(proxy, `/${app}/s/status/200`)).status).toBe(200);
  for (const app of apps) {
    for (const route of routes) {
      for (const headers of [own, [...own, "Access-Token", "Bearer hidden-access"]]) {
        told.push(textOf(await call(proxy, `/${app}/s${route}`, { headers })));
      }
    }
    const absolute = `GET http://user:hidden@gateway/${app}/none?key=hidden HTTP/1.1\r\n`;
    told.push(await raw(proxy, `${absolute}Host: x\r\nConnection: close\r\n\r\n`));
  }
  const administrator = ["Authorization", `Bearer ${diagnosisToken}`];
  for (const path of ["/metrics", "/readyz?verbose", "/v1/apis"]) {
    told.push(textOf(await call(external, path, { headers: administrator })));
  }
  gateway.process.kill("SIGTERM");
  expect(await gateway.ended).toBe(0);
  const all = [...told, gateway.output(), collector.text()].join("\n");

  const made = secretsSeen();
  expect(made.length).toBeGreaterThan(10);
  expect(all).toContain("target_unreachable");
  expect(all).toContain("token request");
  expect(all).toContain("secret_invalid");
  const lines = all.split("\n");
  expect(lines.filter((line) => line.includes(word))).toEqual([]);
  expect(made.filter((secret) => all.includes(secret))).toEqual([]);
}, 60_000);

test("the search that every test file ends with has something to look for, and where to look", () => {
  const { secrets, characters } = ledger.size;
  expect(secrets).toBeGreaterThan(20);
  expect(characters).toBeGreaterThan(10_000);
  ledger.check();
  ledger.said("this test", "… hidden-client …");
  expect(() => ledger.check()).toThrow("key 'clientSecret' of secret");
  expect(() => ledger.check()).not.toThrow("hidden-client");
  ledger.forget("this test");
});

/** What the target is shown without anybody else being asked. */
const heldBySecrets: [type: string, data: Record<string, string>][] = [
  ["Bearer", { token: "hidden-bearer" }],
  ["ApiKey", { apiKey: "hidden-key" }],
  ["ApiKey", { apiKey: "hidden-key-of-query", queryName: "api_key" }],
  ["HmacSignature", { hmacKey: "hidden-hmac-key", keyId: "k" }],
  [
    "PrivateKeySignature",
    { signingKey: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
  ],
  [
    "AwsSigV4",
    { accessKeyId: "AKID", secretAccessKey: "hidden-aws", sessionToken: "hidden-st", region: "r", service: "s" },
  ],
];

/** APIs with every kind of credential, whose calls get through. */
function working(): string[] {
  const { certificate: crt, key } = world.authority.issue({ subject: "CN=w", usage: ["client"], keyType: "ec" });
  world.idp.register({ id: "mtls", commonName: "w" });
  const basic = world.secret({ username: "u-hidden", password: "p-hidden" });
  const client = world.secret({
    clientId: "client",
    clientSecret: "hidden-client",
    headers: texts("a"),
    queryParameters: texts("b"),
  });
  const certificate = world.secret({ clientId: "mtls", crt, key });
  const parameters = world.secret({ headers: texts("hidden-c"), queryParameters: texts("hidden-d") });
  const csrfInfo = { tokenEndpointURL: `${world.target.url}/csrf/token?key=hidden` };
  const targetUrl = `${world.target.url.replace("//", "//user:hidden@")}?key=hidden`;
  const tokens = {
    secretName: client,
    authenticationUrl: `${world.idp.tokenUrl.replace("//", "//u:hidden@")}?k=hidden`,
  };
  const mtls = { type: "OAuthWithCert", secretName: certificate, authenticationUrl: world.idp.mtlsTokenUrl ?? "" };
  return [
    world.api({ targetUrl, requestParametersSecretName: parameters }),
    world.api({ targetUrl, credentials: { type: "Basic", secretName: basic, csrfInfo } }),
    world.api({
      targetUrl,
      credentials: { type: "OAuth", ...tokens, csrfInfo },
      requestParametersSecretName: parameters,
    }),
    world.api({ targetUrl, credentials: mtls }, { skipVerify: true }),
    ...heldBySecrets.map(([type, data]) =>
      world.api({ targetUrl, credentials: { type, secretName: world.secret(data), csrfInfo } }),
    ),
    world.api(
      { targetUrl: world.target.mtlsUrl ?? "", credentials: { ...mtls, type: "CertificateGen" } },
      { skipVerify: true },
    ),
  ];
}

/** APIs of which something is wrong, right beside something secret. */
function broken(): string[] {
  const secrets: [type: string, data: Record<string, string>][] = [
    ["Basic", { password: "hidden" }],
    ["OAuth", { clientId: "client", clientSecret: "hidden-wrong" }],
    ["OAuth", { clientId: "client", clientSecret: "hidden", headers: "hidden" }],
    ["OAuth", { clientId: "client", clientSecret: "hidden", queryParameters: '{"a":"hidden"}' }],
    ["OAuthWithCert", { clientId: "client", crt: "hidden", key: "hidden" }],
    ["HmacSignature", { hmacKey: "hidden\n" }],
    ["PrivateKeySignature", { signingKey: "hidden" }],
    ["AwsSigV4", { accessKeyId: "hid/hidden", secretAccessKey: "hidden", region: "r", service: "s" }],
    ["OAuthPrivateKeyJwt", { clientId: "client", signingKey: "hidden" }],
    ["OAuthPassword", { clientId: "client", clientSecret: "hidden-client", username: "u", password: "hidden" }],
    ["OAuthRefreshToken", { clientId: "client", clientSecret: "hidden-client", refreshToken: "hidden-refresh" }],
    ["OAuthJwtBearer", { clientId: "client", clientSecret: "hidden-client" }],
    [
      "OAuthTokenExchange",
      { clientId: "client", clientSecret: "hidden-client", actorToken: "hidden", actorTokenType: "t" },
    ],
    ["OAuthSamlBearer", { clientId: "client", clientSecret: "hidden-client", signingKey: "hidden" }],
    [
      "OAuthJwtBearer",
      {
        ...{
          clientId: "client",
          clientSecret: "hidden-client",
          userTokenJwksUrl: "http://u:hidden@127.0.0.1:1/?k=hidden",
        },
        ...{ userTokenIssuer: "i", userTokenAudience: "a" },
      },
    ],
    ["CertificateGen", { crt: "hidden", key: "-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----" }],
  ];
  const credentials = { type: "Basic", secretName: world.secret({ username: "u", password: "hidden" }) };
  const nowhere = { tokenEndpointURL: "http://u:hidden@127.0.0.1:1/csrf?key=hidden" };
  const idp = "http://u:hidden@127.0.0.1:1/token?key=hidden";
  const client = world.secret({ clientId: "client", clientSecret: "hidden" });
  return [
    ...secrets.map(([type, data]) =>
      world.api({ credentials: { type, secretName: world.secret(data), authenticationUrl: world.idp.tokenUrl } }),
    ),
    ...["hidden", '{"a":"hidden"}', '{"X-Key: hidden":["a"]}', '{"X-Key":["hidden\\n"]}'].map((headers) =>
      world.api({ requestParametersSecretName: world.secret({ headers }) }),
    ),
    world.api({ credentials: { ...credentials, csrfInfo: nowhere } }),
    world.api({ credentials: { type: "OAuth", secretName: client, authenticationUrl: idp } }),
    ...[
      "http://u:hidden@t:port/x",
      "http:/u:hidden@t",
      "http://u:hid/hidden@t",
      "ftp://u:hidden@t",
      "u:hidden@t/x",
    ].map((targetUrl) => world.api({ targetUrl })),
    world.api({ targetUrl: "http://u:hidden@127.0.0.1:1/x?key=hidden" }),
  ];
}

/** What the gateway made of the secrets, and what it was given in exchange: as the other sides saw it. */
function secretsSeen(): string[] {
  const seen = [...world.target.requests.list(), ...world.idp.requests].flatMap((request) =>
    ["authorization", "cookie", "x-csrf-token"].flatMap((name) => headersOf(request, name)),
  );
  const values = seen.flatMap((value) => value.split(/; |[ =]/)).filter((value) => value.length > 12);
  return [...new Set(values)];
}

function textOf({ status, headers, body }: Answered): string {
  return [status, ...headers.map(([name, value]) => `${name}: ${value}`), body.toString()].join("\n");
}

import { describe, expect, onTestFinished, test } from "vitest";
import { valuesOf } from "./http.ts";
import { exit, program, running } from "./program.ts";
import { createWorld, errorOf, useWorld } from "./world.ts";

const forbidden = ["target_forbidden"];

describe("by default, addresses of this link and of cloud metadata", () => {
  const world = useWorld();

  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://169.254.0.1:8080",
    "http://[::ffff:169.254.169.254]",
    "http://[fe80::1]",
    "http://[fd00:ec2::254]",
    "http://2852039166",
    "http://0xa9.0xfe.0xa9.0xfe",
  ])("are not called: %s", async (targetUrl) => {
    const app = world.api({ targetUrl });
    await world.settled();
    const answer = await world.call(`/${app}/s`);
    expect(answer.status).toBe(502);
    expect(valuesOf(answer, "application-gateway-error")).toEqual(forbidden);
    expect(errorOf(answer).error).toContain("of --deniedTargetRanges");
  });

  test("are not called for tokens and sessions either", async () => {
    const secretName = world.secret({ clientId: "client", clientSecret: "client-secret" });
    const credentials = { type: "OAuth", secretName, authenticationUrl: "http://169.254.169.254/token?hidden" };
    const csrf = {
      ...credentials,
      authenticationUrl: world.idp.tokenUrl,
      csrfInfo: { tokenEndpointURL: "http://[fe80::1]/csrf" },
    };
    const apps = [world.api({ credentials }), world.api({ credentials: csrf })];
    await world.settled();
    for (const app of apps) {
      const answer = await world.call(`/${app}/s`);
      expect([answer.status, valuesOf(answer, "application-gateway-error")]).toEqual([502, forbidden]);
      expect(errorOf(answer).error).not.toContain("hidden");
    }
  });
});

test("ports and schemes may be limited, and this machine forbidden", async () => {
  const world = await createWorld();
  onTestFinished(() => world.stop());
  const says = async (targetUrl: string): Promise<string> => {
    const app = world.api({ targetUrl });
    const gateway = await running(
      world.kubeconfig,
      "--allowedTargetPorts=443,8000-8999",
      "--allowedTargetSchemes=https",
      "--deniedTargetRanges=loopback",
    );
    const line = gateway
      .output()
      .split("\n")
      .find((text) => text.includes(app) && text.includes("mistakes"));
    gateway.process.kill("SIGTERM");
    return line ?? "";
  };
  expect(await says("https://127.0.0.1:8443")).toContain("address 127.0.0.1 is in loopback of --deniedTargetRanges");
  expect(await says("https://t.example:9000")).toContain("port 9000 is not among --allowedTargetPorts");
  expect(await says("http://t.example")).toContain("scheme http is not among --allowedTargetSchemes");
  expect(await says("https://t.example:8443")).toBe("");
}, 60_000);

test.each([
  ["--deniedTargetRanges=10.0.0.0/33", /deniedTargetRanges.*10\.0\.0\.0\/33/],
  ["--allowedTargetPorts=https", /allowedTargetPorts/],
  ["--allowedTargetSchemes=ftp", /allowedTargetSchemes/],
  ["--meshIdentityFrom=sidecar", /meshIdentityFrom/],
  ["--trustDomain=spiffe://x", /trustDomain/],
  ["--httpsProxy=socks5://u:hidden@proxy", /httpsProxy must be an http or https URL/],
])("%s is refused at the start", async (given, told) => {
  const started = program(given);
  expect(await exit(started.process)).not.toBe(0);
  expect(started.output()).toMatch(told);
  expect(started.output()).not.toContain("hidden");
});

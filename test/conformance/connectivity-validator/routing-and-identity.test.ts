import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { clientElement, encodePem, GW, gatewayElement, profiles, withCertificate, X as xOf } from "./certificates.ts";
import { anyBody, binaryEvent } from "./events.ts";
import { application, fixtures, startWorld, type World } from "./world.ts";

const longName = Array(4).fill("a".repeat(62)).join(".").padEnd(253, "b");
const noSubject = '{"code":403,"error":"no valid subject found"}\n';
const noRoute = '{"code":404,"error":"could not determine destination host, requested resource not found"}\n';
const noHeader = '{"code":500,"error":"X-Forwarded-Client-Cert header not found"}\n';
const unknown = (name: string) =>
  `{"code":404,"error":"while getting application ClientIds: application data for name ${name} is not found in the cache. Please retry"}\n`;
const jsonType = "application/json;charset=UTF-8";

describe.each(profiles)("%s", (profile) => {
  const X = (subject: string) => xOf(profile, subject);
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ profile, applications: [...fixtures, application(longName)] });
  });
  afterAll(() => world.stop());

  const post = (path: string, subject: string, source = "std") =>
    world.echoOf(path, { xfcc: X(subject), headers: binaryEvent(source), body: anyBody });
  const answer = (path: string, xfcc?: string | string[], method = "POST") => world.call(path, { xfcc, method });

  describe("accepted", () => {
    test("CV-1 a legacy event keeps its path", async () => {
      const subject = "CN=std,OU=OrgUnit,O=Organization,L=Waldorf,ST=Waldorf,C=DE";
      expect(await post("/std/v1/events", subject)).toMatchObject({
        method: "POST",
        path: "/std/v1/events",
        body: anyBody,
      });
    });
    test("CV-2 a CloudEvent goes to the destination path with its query", async () => {
      expect(await post("/std/v2/events?a=1&b=%20", "CN=std")).toMatchObject({ path: "/publish?a=1&b=%20" });
    });
    test("CV-3 the common name need not come first", async () => {
      expect(await post("/std/events", "O=client organization,CN=std")).toMatchObject({ path: "/publish" });
    });
    // The profile for production may narrow the methods down.
    if (profile === "compat")
      test("CV-4 any method is accepted", async () => {
        for (const path of ["/ucl/v1/events", "/ucl/v2/events", "/ucl/events"])
          expect((await answer(path, X("CN=clientId1"), "GET")).status).toBe(200);
      });
    test("CV-5 every client id of a formation's Application is good", async () => {
      expect(await post("/ucl/events", "CN=clientId2", "ucl")).toMatchObject({ path: "/publish" });
    });
    test("CV-17 the list of subscribed types keeps path, query and method", async () => {
      const echo = await world.echoOf("/std/v1/events/subscribed?x=1", { xfcc: X("CN=std"), method: "GET" });
      expect(echo).toMatchObject({ method: "GET", path: "/std/v1/events/subscribed?x=1" });
    });
    test("CV-33 a dot in a name is a dot", async () => {
      expect(await post("/dotted.app-1/events", "CN=dotted.app-1", "dotted.app-1")).toMatchObject({ path: "/publish" });
      expect((await answer("/dottedXapp-1/events", X("CN=dotted.app-1"))).text).toBe(unknown("dottedXapp-1"));
    });
    test("CV-34 a name of 253 characters", async () => {
      expect(longName).toHaveLength(253);
      const subject = profile === "strict" ? "CN=std" : `CN=${longName}`;
      // X.509 ends common names at 64 characters: with a real certificate, only the routing can be shown.
      const response = await answer(`/${longName}/events`, X(subject));
      expect(response.status).toBe(profile === "strict" ? 403 : 200);
    });
    test("CV-35 a header of 50 KiB", async () => {
      const { pem } = withCertificate("CN=std");
      const chain = encodePem(pem.repeat(100)).slice(0, 50 * 1024);
      const [hash, ...rest] = withCertificate("CN=std").element.split(";");
      const xfcc = `${hash};Chain="${chain}";${rest.join(";")}${GW}`;
      expect(xfcc.length).toBeGreaterThan(50 * 1024);
      expect((await world.call("/std/events", { xfcc, headers: binaryEvent("std"), body: anyBody })).status).toBe(200);
    });
  });

  describe("refused", () => {
    test.each([
      ["CV-6 the name of an Application that has client ids", "/ucl/events", "CN=ucl"],
      ["CV-7 another common name", "/std/events", "CN=nonexistant"],
      ["CV-13 an unknown path tells nothing to a stranger", "/std/v3/events", "CN=other"],
      ["CV-39 a comma inside another attribute", "/std/events", "CN=attacker,OU=x\\,CN=std"],
      ["CV-40 an equals sign in the common name", "/std/events", "CN=std=evil"],
      ["CV-41 a comma in the common name", "/std/events", "CN=a\\, b"],
    ])("%s", async (_title, path, subject) => {
      const response = await answer(path, X(subject));
      expect(response).toMatchObject({ status: 403, text: noSubject });
      expect(response.header("content-type")).toBe(jsonType);
      expect(response.header("error-reason")).toBe("subject_mismatch");
    });

    const client = clientElement(profile, "CN=std");
    const evil = gatewayElement.replace(/URI=.*$/, "URI=spiffe://cluster.local/ns/evil/sa/evil");
    test.each([
      ["CV-8 a header without a Subject", 'Hash=hash1;Cert="cert"'],
      ["CV-36 the Subject in the second element only", `${clientElement(profile, "CN=attacker")},${client}`],
      ["CV-37 a hop that is no trusted gateway", `${client},${evil}`],
      [
        "CV-38 a Subject inside a URI",
        `${clientElement(profile, "CN=attacker").replace(/URI=$/, 'URI=spiffe://a;Subject="CN=std"')}${GW}`,
      ],
      ["CV-45 three elements", `${client}${GW}${GW}`],
      ["two header lines", [client, gatewayElement]],
    ])("%s", async (_title, xfcc) => {
      expect(await answer("/std/events", xfcc)).toMatchObject({ status: 403, text: noSubject });
    });

    test("CV-46 the Hash of another certificate", async () => {
      const { element, hash } = withCertificate("CN=std");
      const forged = element.replace(hash, withCertificate("CN=other").hash) + GW;
      const post = { xfcc: element + GW, headers: binaryEvent("std"), body: anyBody };
      expect((await world.call("/std/events", post)).status).toBe(200);
      expect(await answer("/std/events", forged)).toMatchObject({ status: 403, text: noSubject });
    });

    test("CV-42 an Application of a formation without client ids", async () => {
      expect((await answer("/meta0/events", X("CN=meta0"))).status).toBe(profile === "strict" ? 403 : 200);
    });
    test("CV-9 no header, or an empty one", async () => {
      for (const xfcc of [undefined, "", "  "]) {
        const response = await answer("/std/events", xfcc);
        expect(response).toMatchObject({ status: 500, text: noHeader });
        expect(response.header("content-type")).toBe(jsonType);
      }
    });
    test("CV-12 no header is noticed before the Application", async () => {
      expect(await answer("/nope/events")).toMatchObject({ status: 500, text: noHeader });
    });
    test("CV-11 an unknown Application", async () => {
      expect(await answer("/nope/events", X("CN=nope"))).toMatchObject({ status: 404, text: unknown("nope") });
    });
    test.each([
      ["CV-10 an unknown version", "/ucl/v3/events", "CN=clientId1"],
      ["CV-15 nothing behind the name", "/std/", "CN=std"],
      ["CV-16 the metadata API that is no more", "/std/v1/metadata/services", "CN=std"],
      ["CV-43 a longer word than the prefix", "/std/eventsfoo", "CN=std"],
      ["CV-43 a longer word than the legacy prefix", "/std/v1/eventsfoo", "CN=std"],
    ])("%s", async (_title, path, subject) => {
      const response = await answer(path, X(subject));
      expect(response).toMatchObject({ status: 404, text: noRoute });
      expect(response.header("error-reason")).toBe("no_route");
    });
    test.each(["/", "/std"])("CV-14 %s is a page that is not there", async (path) => {
      const response = await answer(path);
      expect(response).toMatchObject({ status: 404, text: "404 page not found\n" });
      expect(response.header("content-type")).toBe("text/plain; charset=utf-8");
      expect(response.header("x-content-type-options")).toBe("nosniff");
    });
    test.each(["//std/events", "/x/../std/events", "/std%2Fevents/"])(
      "CV-44 %s is not cleaned but refused",
      async (path) => {
        const response = await answer(path, X("CN=std"));
        expect(response).toMatchObject({ status: 400, text: '{"code":400,"error":"path is not canonical"}\n' });
      },
    );
  });
});

test("the status for a missing header can be another one", async () => {
  const world = await startWorld({ flags: ["--missingCertStatus=401"] });
  onTestFinished(() => world.stop());
  const response = await world.call("/std/events");
  expect(response).toMatchObject({ status: 401, text: noHeader.replace("500", "401") });
  expect(response.header("error-reason")).toBe("cert_header_missing");
});

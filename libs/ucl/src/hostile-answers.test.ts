import { expect, test } from "vitest";
import { dataOf } from "./answer.ts";
import { createConnector } from "./connector.ts";
import type { UclTransport } from "./transport.ts";
import { UclError } from "./ucl-error.ts";

const asked = { what: "connector configuration", requestId: "r", secrets: [] };
const call = { url: "https://ucl.example.com", requestId: "r" };

function failure(work: () => unknown): UclError {
  try {
    work();
  } catch (error) {
    if (error instanceof UclError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** A Connector whose answer is this. */
const answering = (result: unknown) =>
  createConnector({ send: async () => ({ result }) } as Partial<UclTransport> as UclTransport);

// Each of these took minutes, in which the process did nothing else.
test.each(["<", "< ", "<<a"])("a long page of %j is looked at in no time", (piece) => {
  const text = piece.repeat(500_000);
  expect(failure(() => dataOf({ status: 502, headers: {}, text }, asked)).message).toContain("status 502");
});

test.each([" ", "A ", "="])("nor does a certificate of %j hold up anything", async (piece) => {
  const odd = `${piece.repeat(100_000)}!`;
  const signed = answering({ certificateChain: "QQ==", caCertificate: "QQ==", clientCertificate: odd });
  await expect(signed.sign(call, "csr")).rejects.toMatchObject({ code: "invalid-answer" });
});

test("what UCL says is cut to what a log and a status can hold", () => {
  const text = JSON.stringify({ errors: [{ message: "x".repeat(5_000_000) }] });
  const { message, code } = failure(() => dataOf({ status: 200, headers: {}, text }, asked));
  expect(code).toBe("graphql");
  expect(message.length).toBeLessThan(3_000);
});

test("arrays in arrays in arrays are no answer, and nothing overflows", () => {
  const text = `{"data":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  expect(Array.isArray(dataOf({ status: 200, headers: {}, text }, asked))).toBe(true);
});

test.each(["http://ucl.example.com/graphql", "ftp://ucl.example.com", "ucl.example.com", "file:///etc/passwd"])(
  "an address without TLS is no address of UCL: %s",
  async (url) => {
    const secured = "https://ucl.example.com/graphql";
    const answer = (directorURL: string, certificateSecuredConnectorURL: string) =>
      answering({
        token: null,
        certificateSigningRequestInfo: { subject: "CN=id" },
        managementPlaneInfo: { directorURL, certificateSecuredConnectorURL },
      }).configuration(call);
    await expect(answer(secured, secured)).resolves.toMatchObject({ directorUrl: secured });
    await expect(answer(url, secured)).rejects.toMatchObject({ code: "invalid-answer" });
    await expect(answer(secured, url)).rejects.toMatchObject({ code: "invalid-answer" });
  },
);

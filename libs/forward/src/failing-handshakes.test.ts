import { once } from "node:events";
import { type AddressInfo, createServer as createTcp, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { createAuthority } from "@application-connector/x509";
import { expect, onTestFinished, test, vi } from "vitest";
import { Connector } from "./connector.ts";

vi.mock("node:dns", async (original) => ({
  ...(await original<typeof import("node:dns")>()),
  lookup: (_host: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(null, [
      { address: "127.0.0.66", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]),
}));

test("an address that takes connections and never answers their handshakes is tried last", async () => {
  const authority = createAuthority({ subject: "CN=Test CA", keyType: "ec" });
  const { certificate, key } = authority.issue({ subject: "CN=x", usage: ["server"], dnsNames: ["several.test"] });
  const well = createTls({ cert: certificate, key }).listen(0, "127.0.0.1");
  await once(well, "listening");
  const { port } = well.address() as AddressInfo;
  const silent: Socket[] = [];
  const mute = createTcp((socket) => silent.push(socket.on("error", () => undefined))).listen(port, "127.0.0.66");
  await once(mute, "listening");
  onTestFinished(() => {
    for (const socket of silent) socket.destroy();
    mute.close();
    well.close();
  });
  const connector = new Connector({
    origin: `https://several.test:${port}`,
    connectTimeoutMs: 500,
    tls: { ca: authority.certificate },
  });
  const open = () =>
    new Promise<string | undefined>((resolve) => {
      connector.open({ protocols: ["http/1.1"], isDirect: true }, (error, socket) => {
        resolve(socket?.remoteAddress ?? error?.name);
        socket?.destroy();
      });
    });
  expect(await open()).toBe("ConnectTimeout");
  expect(await open()).toBe("127.0.0.1");
  expect(silent).toHaveLength(1);
});

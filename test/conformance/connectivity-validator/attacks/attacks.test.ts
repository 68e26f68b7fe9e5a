import { X509Certificate } from "node:crypto";
import type { Issued } from "@application-connector/x509";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { otherValidator } from "../other/other-validator.ts";
import { subjects } from "../subjects.ts";
import { application, ucl } from "../world.ts";
import { certificateAttacks } from "./certificate-attacks.ts";
import { clients, type Door, type Doors, elementOf, openDoors } from "./doors.ts";
import { headerAttacks } from "./header-attacks.ts";
import { requestAttacks } from "./request-attacks.ts";

// Somebody with a certificate of his own, or of the wrong kind, tries to act as the Application `victim`, at every listener.

const named = subjects.map((subject, index) => ({ ...subject, application: `row-${index}` }));
const issue = (subject: string): Issued => clients.issue({ subject, usage: ["client"] });
const attacker = issue("CN=attacker");
const victim = issue("CN=victim");
const hashOf = ({ certificate }: Issued) =>
  new X509Certificate(certificate).fingerprint256.replaceAll(":", "").toLowerCase();
const hands = {
  own: elementOf(attacker),
  victims: elementOf(victim),
  hash: { own: hashOf(attacker), victims: hashOf(victim) },
};

describe.skipIf(otherValidator !== undefined)("nobody is taken for somebody else", () => {
  let doors: Doors;
  beforeAll(async () => {
    const rows = named.map(({ application: name, is }) => application(name, ucl(is ?? "victim")));
    doors = await openDoors([...rows, application("attacker"), application("victim")]);
  });
  afterAll(() => doors.stop());

  /** All doors, one after the other; the name of each goes into what is compared. */
  const atEach = async <T>(look: (door: Door) => Promise<T>, which: (door: Door) => boolean = () => true) => {
    const found: Record<string, T> = {};
    for (const door of doors.all) if (which(door)) found[door.name] = await look(door);
    return found;
  };
  const everywhere = <T>(value: T, which: (door: Door) => boolean = () => true) =>
    Object.fromEntries(doors.all.filter(which).map(({ name }) => [name, value]));
  const reached = ({ status, seen }: Awaited<ReturnType<Door["knock"]>>) =>
    seen.length > 0 || (status >= 200 && status < 300);

  test("both come in as themselves", async () => {
    for (const [client, name] of [
      [attacker, "attacker"],
      [victim, "victim"],
    ] as const)
      expect(await atEach(async (door) => (await door.knock({ client, path: `/${name}/events` })).status)).toEqual(
        everywhere(200),
      );
  });

  test.each(headerAttacks)("a header with $title", async ({ lines }) => {
    const knock = { client: attacker, path: "/victim/events", xfcc: lines(hands) };
    expect(await atEach(async (door) => reached(await door.knock(knock)))).toEqual(everywhere(false));
  });

  test.each(requestAttacks)("a request with $title", async ({ path = "/victim/events", lines = [], http1Only }) => {
    const speaks = ({ http }: Door) => http === 1 || !http1Only;
    const knock = { client: attacker, path, lines };
    expect(await atEach(async (door) => reached(await door.knock(knock)), speaks)).toEqual(everywhere(false, speaks));
  });

  test.each(certificateAttacks)("a certificate $title", async ({ issue: make, byHeader }) => {
    const client = make();
    const asks = ({ witness, profile }: Door) =>
      witness === "connection" || (byHeader === "strict" && profile === "strict");
    const found = await atEach(async (door) => reached(await door.knock({ client, path: "/victim/events" })), asks);
    expect(found).toEqual(everywhere(false, asks));
  });

  // The version of HTTP has no part in it.
  const speaksHttp1 = ({ http }: Door) => http === 1;
  test.each(named)("a subject with $title is $is", async ({ subject, is, application: own }) => {
    const client = clients.issue({ subject, usage: ["client"] });
    const statusOf = async (name: string) =>
      await atEach(async (door) => (await door.knock({ client, path: `/${name}/events` })).status, speaksHttp1);
    expect(await statusOf(own)).toEqual(everywhere(is === undefined ? 403 : 200, speaksHttp1));
    if (is !== undefined) expect(await statusOf("victim")).toEqual(everywhere(403, speaksHttp1));
  });
});

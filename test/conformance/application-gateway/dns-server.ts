import { createSocket } from "node:dgram";
import { once } from "node:events";

/** What a name leads to: addresses, or one of the ways in which a name server fails. */
export type NameAnswer = readonly string[] | "no such name" | "failure" | "silence";

export interface DnsServer {
  readonly address: string;
  /** Names that are not here do not exist. */
  readonly names: Map<string, NameAnswer>;
  /** How often each name was asked for. */
  asked(name: string): number;
  stop(): Promise<void>;
}

const codes = { "no such name": 3, failure: 2 } as const;

/** A name server on loopback (RFC 1035, over UDP) that knows A records and nothing else, none of them to be remembered. */
export async function startDnsServer(): Promise<DnsServer> {
  const names = new Map<string, NameAnswer>();
  const counts = new Map<string, number>();
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, end } = readQuestion(query);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const answer = names.get(name) ?? "no such name";
    if (answer === "silence") return;
    const addresses = typeof answer === "string" || type !== 1 ? [] : answer;
    const code = typeof answer === "string" ? codes[answer] : 0;
    socket.send(response(query.subarray(0, end), code, addresses), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names,
    asked: (name) => counts.get(name) ?? 0,
    async stop() {
      socket.close();
      await once(socket, "close");
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function response(question: Buffer, code: number, addresses: readonly string[]): Buffer {
  const head = Buffer.from(question);
  // An answer, with recursion, and this code; one question, so many answers.
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) =>
    // The name of the question, A, IN, for no time, four bytes.
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([head, ...records]);
}

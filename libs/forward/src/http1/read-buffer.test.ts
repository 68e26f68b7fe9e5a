import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { LongBody, longBodyBytes, onread, readWith, type SocketReader } from "./read-buffer.ts";

/** A reader that says what came, and between reads does what the test wants. */
class Reader implements SocketReader {
  nextBuffer: Buffer | undefined = undefined;
  ownsReads = true;
  readonly longBody = new LongBody(this);
  received = "";
  onRead: () => void = () => undefined;

  onBytes(bytes: Buffer): boolean {
    this.received += bytes.toString("latin1");
    this.onRead();
    return true;
  }

  /** Takes what the next read would go into. */
  lent(): Buffer {
    this.longBody.expect(longBodyBytes);
    return this.nextBuffer as Buffer;
  }
}

test.each(["within a read", "between reads"])(
  "memory that is given back %s is nobody else's until its socket has left it",
  async (when) => {
    const { reader, peer } = await connected();
    reader.onRead = () => reader.longBody.expect(longBodyBytes);
    await sends(peer, reader, "a");
    reader.onRead = () => undefined;
    await sends(peer, reader, "b");
    if (when === "within a read") {
      reader.onRead = () => reader.longBody.end(true);
      await sends(peer, reader, "c");
      reader.onRead = () => undefined;
    } else reader.longBody.end(true);

    const other = new Reader();
    const memory = other.lent();
    memory.fill("-");
    await sends(peer, reader, "overwritten");
    expect(memory.toString("latin1", 0, 11)).toBe("-----------");
    expect(reader.received.endsWith("overwritten")).toBe(true);
    other.longBody.end(false);
  },
);

async function connected(): Promise<{ reader: Reader; peer: Socket }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = once(server, "connection");
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", onread });
  const reader = new Reader();
  readWith(socket, reader);
  const [peer] = (await accepted) as [Socket];
  onTestFinished(() => {
    socket.destroy();
    peer.destroy();
    server.close();
  });
  return { reader, peer };
}

async function sends(peer: Socket, reader: Reader, text: string): Promise<void> {
  const { onRead } = reader;
  const read = new Promise<void>((resolve) => {
    reader.onRead = () => {
      onRead();
      resolve();
    };
  });
  peer.write(text);
  await read;
  reader.onRead = onRead;
}

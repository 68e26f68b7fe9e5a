import type { Duplex } from "node:stream";

const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const;
const maxFrameBytes = 16 * 1024 * 1024;

interface Frame {
  /** FIN bit, reserved bits and opcode, as received. */
  firstByte: number;
  payload: Buffer;
  size: number;
}

/** Answers each WebSocket frame (RFC 6455, section 5.2) with the same one; false when the socket is full. */
export function createFrameEcho(socket: Duplex): (bytes: Buffer) => boolean {
  let pending: Buffer = Buffer.alloc(0);
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    let writable = true;
    for (;;) {
      const frame = readFrame(pending);
      if (frame === "malformed") {
        socket.destroy();
        return true;
      }
      if (frame === undefined) return writable;
      pending = pending.subarray(frame.size);
      writable = answer(socket, frame);
    }
  };
}

function answer(socket: Duplex, { firstByte, payload }: Frame): boolean {
  const opcode = firstByte & 0xf;
  if (opcode === opcodes.pong) return true;
  const writable = socket.write(writeFrame(opcode === opcodes.ping ? 0x80 | opcodes.pong : firstByte, payload));
  if (opcode === opcodes.close) socket.end();
  return writable;
}

/** The first frame of the bytes, undefined while it is incomplete. Clients must mask what they send. */
function readFrame(bytes: Buffer): Frame | "malformed" | undefined {
  if (bytes.length < 2) return undefined;
  const [firstByte = 0, secondByte = 0] = bytes;
  if ((secondByte & 0x80) === 0) return "malformed";
  const short = secondByte & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + 4;
  if (bytes.length < start) return undefined;
  const length =
    lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : lengthBytes === 2 ? bytes.readUInt16BE(2) : short;
  if (length > maxFrameBytes) return "malformed";
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length));
  for (let index = 0; index < payload.length; index += 1)
    payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return { firstByte, payload, size: start + length };
}

function writeFrame(firstByte: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([firstByte, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([firstByte, 126, length >> 8, length & 0xff]), payload]);
  const head = Buffer.alloc(10);
  head[0] = firstByte;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

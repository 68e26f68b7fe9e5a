/**
 * Connects with a client certificate again and again, never with a session of before, and prints how often the server has
 * completed the handshake as one line of JSON.
 */
import { connect } from "node:tls";
import type { HandshakePlan } from "./child.ts";

const { seconds, parallel, ...tls } = JSON.parse(process.argv[2] ?? "{}") as HandshakePlan;
const until = performance.now() + seconds * 1_000;
let completed = 0;
let failed = 0;

/** In TLS 1.3 the client is done before the server has seen its certificate; a ticket comes when that was verified. */
function once(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", minVersion: "TLSv1.3", ...tls });
    socket.on("session", () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => resolve(false)).on("close", () => resolve(false));
    // Whoever listens for a session must read.
    socket.resume();
  });
}

async function connectAgain(): Promise<void> {
  while (performance.now() < until) {
    if (await once()) completed++;
    else failed++;
  }
}

await Promise.all(Array.from({ length: parallel }, connectAgain));
console.log(JSON.stringify({ completed, failed }));

/**
 * A target for uploads: reads everything, keeps nothing. Below `/slow` it reads nothing for the first seconds.
 *
 *   node sink.ts PORT
 */
import { createServer } from "node:http";

const waitMs = 3_000;

createServer((request, response) => {
  const read = (): void => {
    request.resume().on("end", () => response.writeHead(204).end());
  };
  if (request.url?.startsWith("/slow")) setTimeout(read, waitMs);
  else read();
}).listen(Number(process.argv[2]), "127.0.0.1");

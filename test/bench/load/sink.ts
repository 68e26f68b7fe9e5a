/** A target for uploads: reads everything, keeps nothing. `node sink.ts PORT` */
import { createServer } from "node:http";

createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(204).end());
}).listen(Number(process.argv[2]), "127.0.0.1");

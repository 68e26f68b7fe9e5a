import type { Case } from "./case.ts";
import { chunkedBodies } from "./cases/chunks.ts";
import { connections } from "./cases/connections.ts";
import { contentLengths } from "./cases/content-length.ts";
import { fields } from "./cases/fields.ts";
import { hopByHop } from "./cases/hop-by-hop.ts";
import { requestLines } from "./cases/request-line.ts";
import { sizes } from "./cases/sizes.ts";
import { transferEncodings } from "./cases/transfer-encoding.ts";

/** Every case, by what it is about. A test, or a comparison of two engines, plays them in any order. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  "Content-Length": contentLengths,
  "Transfer-Encoding": transferEncodings,
  chunks: chunkedBodies,
  fields,
  "request line": requestLines,
  connection: connections,
  "hop by hop": hopByHop,
  sizes,
};

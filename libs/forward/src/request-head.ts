import { declaredLength } from "./declared-length.ts";
import type { Malformation, RawHeaders } from "./door.ts";
import { isNamed } from "./field-names.ts";

/** What the head of a request says about its framing. */
export interface RequestHead {
  hasBody: boolean;
  contentLength: number | undefined;
  /** The client waits for `100 Continue` before it sends its body. */
  expectsContinue: boolean;
}

const withoutBody: RequestHead = { hasBody: false, contentLength: undefined, expectsContinue: false };

/**
 * Reads the framing of a request in one walk and refuses what two parsers could read differently (RFC 9112, 3.2 and 6).
 * The HTTP parser in front has refused most of it already; this is the part that it lets pass.
 */
export function readRequestHead(headers: RawHeaders, httpVersion: string): RequestHead | Malformation {
  let hosts = 0;
  let contentLength = -1;
  let chunked = false;
  let expectsContinue = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    switch (name.length) {
      case 4:
        if (isNamed(name, "host")) hosts += 1;
        break;
      case 6:
        if (isNamed(name, "expect")) {
          expectsContinue = (headers[i + 1] as string).toLowerCase() === "100-continue";
        }
        break;
      case 14:
        if (isNamed(name, "content-length")) {
          if (contentLength !== -1) return "ambiguous_framing";
          contentLength = declaredLength(headers[i + 1] as string);
          if (!Number.isSafeInteger(contentLength)) return "bad_request";
        }
        break;
      case 17:
        if (isNamed(name, "transfer-encoding")) {
          // A second coding would have to be understood to be passed on as the body it is.
          if (chunked || (headers[i + 1] as string).toLowerCase() !== "chunked") return "unknown_transfer_encoding";
          chunked = true;
        }
        break;
    }
  }
  // The parser takes 0.9 and 2.0 for versions with the same framing; they have another.
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return "bad_request";
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1")) return "bad_request";
  // HTTP/1.0 knows no transfer codings: whoever sends one may be read differently by the next hop.
  if (chunked && (contentLength !== -1 || httpVersion !== "1.1")) return "ambiguous_framing";
  if (contentLength === -1 && !chunked) return withoutBody;
  const hasBody = chunked || contentLength > 0;
  return {
    hasBody,
    contentLength: chunked ? undefined : contentLength,
    // An HTTP/1.0 client can't read an interim response (RFC 9110, 10.1.1).
    expectsContinue: expectsContinue && hasBody && httpVersion === "1.1",
  };
}

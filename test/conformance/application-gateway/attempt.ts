import { request } from "node:http";

export interface Attempt {
  /** 0 when there was no response at all. */
  readonly status: number;
  readonly complete: boolean;
  readonly text: string;
  readonly reason: string | undefined;
}

export interface AttemptOptions {
  readonly method?: string;
  /** Sent in pieces; more than one goes out chunked. */
  readonly body?: readonly (string | Buffer)[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that may well come to nothing. Never rejects. */
export function attempt(port: number, path: string, options: AttemptOptions = {}): Promise<Attempt> {
  const { method = "GET", body = [], headers = {} } = options;
  return new Promise((resolve) => {
    const none = { status: 0, complete: false, text: "", reason: undefined };
    let isAnswered = false;
    const sent = request({ host: "127.0.0.1", port, path, method, agent: false, headers }, (response) => {
      let text = "";
      isAnswered = true;
      response.setEncoding("latin1").on("data", (piece) => {
        text += piece;
      });
      response.on("error", () => undefined);
      response.on("close", () => {
        const reason = response.headers["application-gateway-error"]?.toString();
        resolve({ status: response.statusCode ?? 0, complete: response.complete, text, reason });
      });
    });
    sent.on("error", () => resolve(none));
    sent.on("close", () => {
      if (!isAnswered) resolve(none);
    });
    if (body.length === 1) sent.setHeader("Content-Length", Buffer.byteLength(body[0] ?? ""));
    for (const piece of body) sent.write(piece);
    sent.end();
  });
}

/** The target closed or broke its connection where a response should have been. */
export class ConnectionLost extends Error {
  readonly code = "ECONNRESET";
}

/** Nothing is sent to this target any more. */
export class ConnectionsClosed extends Error {
  readonly code = "UND_ERR_DESTROYED";
  constructor() {
    super("the connections to the target are closed");
  }
}

/** What the target sent is no response. `code` is llhttp's, as Node's own parser would say it. */
export class NotHttp extends Error {
  readonly code: string;
  constructor(code: string, reason: string) {
    super(`the response is no valid HTTP: ${reason === "" ? code : reason}`);
    this.code = code;
  }
}

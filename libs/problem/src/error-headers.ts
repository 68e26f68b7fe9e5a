const maxMessageLength = 1024;

/** Whose error it is, in words, and the id under which the logs know the request. */
export interface ErrorOccasion {
  /** The program that made the answer, such as `Application Gateway`. Answers of a target never carry it. */
  origin: string;
  message: string;
  requestId?: string | undefined;
}

/** The headers on every answer that is an error of our own, so that "yours or mine" needs no guessing. */
export function errorHeaders({ origin, message, requestId }: ErrorOccasion): Record<string, string> {
  return {
    "x-error-origin": headerText(origin),
    "x-error-message": headerText(message),
    ...(requestId ? { "x-request-id": headerText(requestId) } : {}),
  };
}

/** How a program calls itself in `x-error-origin`: `application-gateway` is `Application Gateway`. */
export function originName(service: string): string {
  return service
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

/** Text that is safe as a header value: one line of visible ASCII, of bounded length. */
export function headerText(text: string): string {
  // Cut before the replacements too: a message may quote a megabyte.
  const line = text
    .slice(0, 2 * maxMessageLength)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[^\x20-\x7e]/gu, "?")
    .trim();
  return line.length <= maxMessageLength ? line : `${line.slice(0, maxMessageLength - 3)}...`;
}

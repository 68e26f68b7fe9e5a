export interface NatsServers {
  readonly servers: string[];
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

/** What a list of URLs says: where to connect, and as whom. A name without a password is a token. */
export function natsServers(text: string): NatsServers {
  const urls = text.split(",").map((url) => new URL(url.trim()));
  const servers = urls.map(({ protocol, host }) => `${protocol}//${host}`);
  const [first] = urls.filter(({ username }) => username !== "");
  if (first === undefined) return { servers };
  const [user, pass] = [decodeURIComponent(first.username), decodeURIComponent(first.password)];
  return pass === "" ? { servers, token: user } : { servers, user, pass };
}

/** Whether {@link natsServers} understands it. */
export function areNatsServers(text: string): boolean {
  return text.split(",").every((url) => {
    const parsed = URL.parse(url.trim());
    if (parsed === null || (parsed.protocol !== "nats:" && parsed.protocol !== "tls:") || parsed.host === "")
      return false;
    return isEncoded(parsed.username) && isEncoded(parsed.password);
  });
}

/** A percent sign in a password that stands for itself cannot be told from one that begins an octet. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

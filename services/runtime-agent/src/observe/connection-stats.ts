import { Distribution, durationBounds } from "@application-connector/service";
import type { Exchange } from "@application-connector/ucl";

/** What is counted of the connection to UCL, in plain fields; metrics are read from here when somebody scrapes. */
export class ConnectionStats {
  readonly requests = new Map<string, { labels: Labels; value: number }>();
  readonly seconds = new Distribution(durationBounds);
  certificateNotAfterMs = 0;
  readonly renewals = { renewed: 0, failed: 0 };
  state = "";
  isLeader = false;
  readonly backOffMs = { connector: 0, director: 0 };

  /** Operations are those that this program asks for, so there are few of them. */
  readonly observe = ({ service, operation, code, seconds }: Exchange): void => {
    const key = `${service} ${operation} ${code}`;
    const known = this.requests.get(key);
    if (known) known.value++;
    else this.requests.set(key, { labels: { service, operation, code }, value: 1 });
    this.seconds.observe(seconds);
  };
}

type Labels = Readonly<Record<"service" | "operation" | "code", string>>;

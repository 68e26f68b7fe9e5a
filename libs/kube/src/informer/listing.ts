import { KubeError } from "../transport/kube-error.ts";

/** How the first state of a kind is read. */
export type Listing =
  /** As a watch that begins with what exists; falls back where the server refuses that or never gets to its end. */
  | "stream"
  /** From the server's cache, which may ignore the page size. */
  | "cache"
  /** Consistently, in pages. */
  | "pages";

const mostBreaks = 2;

/** The way a kind is listed: the one that was wanted, until the server shows that it does not work. Remembered. */
export function createListingChoice(wanted: Listing) {
  let current = wanted;
  let breaks = 0;
  return {
    get current(): Listing {
      return current;
    },
    completed(): void {
      breaks = 0;
    },
    /**
     * Learns from a streaming list that failed.
     *
     * @param wasOpen the server had accepted it, so that it broke on the way
     * @returns what follows from it; undefined when the same way may be tried again
     */
    failed(error: unknown, wasOpen: boolean): "refused" | "broken" | undefined {
      if (current !== "stream" || !(error instanceof KubeError)) return undefined;
      if (refusesStreaming(error)) {
        current = "cache";
        return "refused";
      }
      if (!wasOpen || ++breaks < mostBreaks) return undefined;
      // Whatever breaks one long answer would break the server's cache in one piece as well: short ones may get through.
      current = "pages";
      return "broken";
    },
  };
}

/** Old servers refuse a watch that begins with a list, or never mark the end of the list. */
function refusesStreaming(error: KubeError): boolean {
  return [400, 405, 422].includes(error.status) || error.reason === "Silent";
}

import type { Dispatcher } from "undici";
import type { ClientIdentity } from "./dispatchers.ts";

/** Connections that show one certificate. */
export interface Shown {
  readonly identity: ClientIdentity | undefined;
  readonly dispatcher: Dispatcher;
}

type Build = (identity: ClientIdentity | undefined, ca: string | undefined) => Dispatcher;

/** The certificate of now, and the one before as long as the new one was never answered. */
export function createIdentities(
  first: { identity?: ClientIdentity | undefined; ca?: string | undefined },
  build: Build,
): {
  current(): Shown;
  before(shown: Shown): Shown | undefined;
  /** It got an answer: the one before is not needed any more. */
  proven(shown: Shown): void;
  present(identity: ClientIdentity): void;
  trust(ca: string | undefined): void;
  destroy(): Promise<void>;
} {
  let { ca } = first;
  let shown = show(first.identity);
  let earlier: Shown | undefined;
  const open = new Set<Dispatcher>([shown.dispatcher]);

  function show(identity: ClientIdentity | undefined): Shown {
    return { identity, dispatcher: build(identity, ca) };
  }
  const begin = (identity: ClientIdentity | undefined): Shown => {
    const begun = show(identity);
    open.add(begun.dispatcher);
    return begun;
  };
  /** Lets what runs on it end. */
  const retire = ({ dispatcher }: Shown): void => {
    const gone = (): void => void open.delete(dispatcher);
    dispatcher.close().then(gone, gone);
  };

  return {
    current: () => shown,
    before: (of) => (of === shown ? earlier : undefined),
    proven(of) {
      if (of !== shown || earlier === undefined) return;
      retire(earlier);
      earlier = undefined;
    },
    present(identity) {
      if (sameIdentity(identity, shown.identity)) return;
      const replaced = shown;
      shown = begin(identity);
      // Of two that were never answered in a row the older one is the one that worked.
      if (earlier !== undefined || replaced.identity === undefined) retire(replaced);
      else earlier = replaced;
    },
    trust(wanted) {
      if (wanted === ca) return;
      ca = wanted;
      for (const old of [shown, earlier]) if (old) retire(old);
      shown = begin(shown.identity);
      earlier = earlier && begin(earlier.identity);
    },
    async destroy() {
      await Promise.all([...open].map((dispatcher) => dispatcher.destroy()));
      open.clear();
    },
  };
}

const sameIdentity = (a: ClientIdentity, b: ClientIdentity | undefined): boolean =>
  a.chain === b?.chain && a.key === b.key;

import { type CompassConnection, compassconnections } from "@application-connector/crds";
import {
  type EventRecorder,
  type Informer,
  type Informers,
  type Request,
  type Secret,
  type Source,
  secrets,
} from "@application-connector/kube";
import { connectionName } from "./connection-resource.ts";
import type { SecretName } from "./secret-name.ts";

const connection: Request = { name: connectionName };

/**
 * When to look at the connection: at first, and after every change of it or of a Secret it lives by. Secrets that must
 * not be watched are read with each round all the same.
 */
export function connectionHints(
  informers: Informers,
  watched: readonly SecretName[],
  events: EventRecorder,
): { source: Source; cache: Informer<CompassConnection> } {
  const cache = informers.informer(compassconnections);
  const ofSecrets = watched.map(({ namespace, name }) =>
    informers.informer(secrets, { namespace, fieldSelector: `metadata.name=${name}`, transform: withoutData }),
  );
  const source: Source = {
    start(enqueue) {
      const hint = (): void => enqueue(connection, "normal");
      const ofConnection = (object: CompassConnection): void => {
        if (object.metadata.name === connectionName) hint();
      };
      const ends = [
        cache.subscribe({
          add: (added) => {
            ofConnection(added);
            if (added.metadata.name !== connectionName) warnAbout(added, events);
          },
          update: (_, now) => ofConnection(now),
          delete: ofConnection,
        }),
        ...ofSecrets.map((informer) => informer.subscribe({ add: hint, update: hint, delete: hint })),
      ];
      hint();
      return () => {
        for (const end of ends) end();
      };
    },
    waitForSync: async () => {},
    all: () => [connection],
  };
  return { source, cache };
}

function warnAbout(object: CompassConnection, events: EventRecorder): void {
  const message = `only the CompassConnection that is called ${connectionName} is used`;
  events.event(object, { type: "Warning", reason: "Ignored", message });
}

/** That something has changed is enough to know; nobody needs keys in one more place. */
const withoutData = ({ data: _, ...secret }: Secret): Secret => secret;

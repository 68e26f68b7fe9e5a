import type { Informers } from "@application-connector/kube";
import type { InboundApplication } from "../applications/application.ts";
import type { EventContext } from "../cloudevents/context.ts";
import type { Config } from "../config.ts";
import { eventSubject } from "./event-subject.ts";
import { type SubscribedType, subscribedTypes } from "./subscribed-types.ts";
import { keepOfSubscription, subjectsOf, subscriptions } from "./subscription.ts";

/** Who waits for which events. */
export interface Subscribers {
  /** Nobody waits for such an event. False as long as that is not known for certain. */
  isUnheard(context: EventContext): boolean;
  /** What is waited for from an Application; undefined as long as that is not known for certain. */
  typesOf(application: string): readonly SubscribedType[] | undefined;
}

interface KnownApplications {
  get(name: string): Pick<InboundApplication, "typeLabel"> | undefined;
}

/**
 * Follows Eventing's Subscriptions. A cluster that has none of them, or does not show them, is no reason to be unready:
 * then nothing is said about subscribers.
 */
export function followSubscriptions(
  informers: Pick<Informers, "informer">,
  { eventTypePrefix: typePrefix }: Pick<Config, "eventTypePrefix">,
  applications: KnownApplications,
): Subscribers {
  const typeLabelOf = (name: string) => applications.get(name)?.typeLabel;
  const informer = informers.informer(subscriptions, { transform: keepOfSubscription });
  // Worked out when it is asked for: labels of Applications may come after the Subscriptions.
  let subjects: ReadonlySet<string> | undefined;
  let workedOutAt = 0;
  /** Only Applications that there are ask. */
  const lists = new Map<string, readonly SubscribedType[]>();
  const listOf = (application: string): readonly SubscribedType[] => {
    const known = lists.get(application) ?? subscribedTypes(application, informer.list(), typePrefix);
    lists.set(application, known);
    return known;
  };
  const known = (): ReadonlySet<string> => {
    // A label that changes is rare and tells nobody here.
    if (subjects !== undefined && performance.now() - workedOutAt < 10_000) return subjects;
    workedOutAt = performance.now();
    subjects = new Set(informer.list().flatMap((subscription) => subjectsOf(subscription, typeLabelOf)));
    return subjects;
  };
  const forget = () => {
    subjects = undefined;
    lists.clear();
  };
  informer.subscribe({ add: forget, update: forget, delete: forget });
  return {
    isUnheard({ source, type }) {
      if (!informer.hasSynced) return false;
      const subject = eventSubject(source, type, { typePrefix, typeLabelOf });
      return subject !== undefined && !known().has(subject);
    },
    typesOf(application) {
      return informer.hasSynced ? listOf(application) : undefined;
    },
  };
}

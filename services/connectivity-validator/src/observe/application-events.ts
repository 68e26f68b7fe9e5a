import type { EventRecorder } from "@application-connector/kube";
import type { InboundApplication } from "../applications/application.ts";
import type { SettingMistake } from "../policy/settings.ts";

/** What the cluster is told about an Application, as Events of it. */
export interface ApplicationEvents {
  annotationUnusable(about: InboundApplication, mistake: SettingMistake): void;
  namesCollide(about: InboundApplication, others: readonly string[]): void;
  certificateExpires(about: InboundApplication, notAfterMs: number): void;
}

export const noApplicationEvents: ApplicationEvents = {
  annotationUnusable: () => undefined,
  namesCollide: () => undefined,
  certificateExpires: () => undefined,
};

/** How many names one message lists. */
const maxNamed = 5;

export function createApplicationEvents(events: Pick<EventRecorder, "event">): ApplicationEvents {
  const warn = ({ reference }: InboundApplication, reason: string, action: string, message: string): void =>
    events.event(reference, { type: "Warning", reason, action, message });
  return {
    annotationUnusable(about, { annotation, problem }) {
      warn(about, "AnnotationUnusable", "Configure", `annotation ${annotation} ${problem}; what it said before counts`);
    },
    namesCollide(about, others) {
      const named = others.slice(0, maxNamed).join(", ");
      const why = `are the same once reduced to letters and digits`;
      const remedy = "rename one, or give it another label application-type";
      const message = `Eventing cannot tell events of ${about.name} from those of ${named}, whose names ${why}; ${remedy}`;
      warn(about, "NameCollision", "Configure", message);
    },
    certificateExpires(about, notAfterMs) {
      const until = new Date(notAfterMs).toISOString();
      warn(
        about,
        "ClientCertificateExpires",
        "Authenticate",
        `the client certificate of ${about.name} expires at ${until}`,
      );
    },
  };
}

import { digestOf } from "../digest.ts";
import type { DesiredApplication, DesiredSecret, OwnedSpec } from "../mapping/desired.ts";
import { type Problem, worstOf } from "../problem.ts";

/** An Application as it should be, small: everything that is only needed to write it is text. */
export interface ApplicationRecord extends RecordSource {
  /** In the Director. */
  readonly id: string;
  readonly name: string;
  /** Of everything that the agent decides, to compare with what is there. */
  readonly digest: string;
  /** Keys of the labels that came from the Director. */
  readonly labelKeys: readonly string[];
  readonly body: string;
  readonly secrets: readonly SecretRecord[];
  /** Secrets that stay as they are. */
  readonly keptSecrets: readonly string[];
  readonly problem: Problem | undefined;
}

/** Of what a record was made: as long as UCL says the same, it need not be made anew. */
export interface RecordSource {
  /** Hash of what UCL said; undefined where that is not known. */
  readonly source: string | undefined;
  /** UCL has normalised its name. */
  readonly isNameAsSent: boolean;
}

export interface SecretRecord {
  readonly name: string;
  readonly bundleId: string;
  /** Of its data. */
  readonly digest: string;
  readonly body: string;
}

/** What the agent decides about an Application. */
export interface ApplicationBody {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: OwnedSpec;
}

export function recordOf(desired: DesiredApplication, source: RecordSource): ApplicationRecord {
  const { id, name, labels, annotations, spec, secrets, keptSecrets, problems } = desired;
  const body: ApplicationBody = { labels, annotations, spec };
  return {
    id,
    name,
    digest: digestOf(body),
    labelKeys: Object.keys(labels),
    body: JSON.stringify(body),
    secrets: secrets.map(secretRecordOf),
    keptSecrets,
    problem: worstOf(problems),
    ...source,
  };
}

function secretRecordOf({ name, bundleId, data }: DesiredSecret): SecretRecord {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
  );
  return { name, bundleId, digest: digestOf(encoded), body: JSON.stringify(encoded) };
}

export const bodyOf = (record: ApplicationRecord): ApplicationBody => JSON.parse(record.body) as ApplicationBody;

/** The values of a Secret in base64. */
export const dataOf = (secret: SecretRecord): Record<string, string> =>
  JSON.parse(secret.body) as Record<string, string>;

/** Whether two say the same, so that one of them need not be kept. */
export function isSameRecord(one: ApplicationRecord, other: ApplicationRecord): boolean {
  const { problem, secrets, keptSecrets } = one;
  return (
    one.id === other.id &&
    one.name === other.name &&
    one.digest === other.digest &&
    problem?.message === other.problem?.message &&
    secrets.length === other.secrets.length &&
    secrets.every(({ name, digest }, at) => other.secrets[at]?.name === name && other.secrets[at].digest === digest) &&
    keptSecrets.join() === other.keptSecrets.join()
  );
}

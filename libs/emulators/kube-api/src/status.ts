export interface Cause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** metav1.Status */
export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata: object;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** What an error speaks about: `secrets`, `applications.applicationconnector.kyma-project.io`. */
export interface GroupResource {
  group: string;
  resource: string;
}

export const qualified = ({ group, resource }: GroupResource): string => (group ? `${resource}.${group}` : resource);

/** A failure that travels as metav1.Status, worded as the Go API machinery words it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Status {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

function about(target: GroupResource, name: string): StatusDetails {
  return { ...(name && { name }), ...(target.group && { group: target.group }), kind: target.resource };
}

export const notFound = (target: GroupResource, name: string) =>
  new ApiError(404, "NotFound", `${qualified(target)} ${JSON.stringify(name)} not found`, about(target, name));

/** The path means nothing to this server. */
export const noSuchResource = () =>
  new ApiError(404, "NotFound", "the server could not find the requested resource", {});

export const alreadyExists = (target: GroupResource, name: string) =>
  new ApiError(
    409,
    "AlreadyExists",
    `${qualified(target)} ${JSON.stringify(name)} already exists`,
    about(target, name),
  );

export const conflict = (target: GroupResource, name: string, why: string) =>
  new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(target)} ${JSON.stringify(name)}: ${why}`,
    about(target, name),
  );

export const staleObject = (target: GroupResource, name: string) =>
  conflict(target, name, "the object has been modified; please apply your changes to the latest version and try again");

export const forbidden = (target: GroupResource, name: string, why: string, causes?: Cause[]) => {
  const subject = target.resource ? qualified(target) : "";
  const head = !subject
    ? "forbidden"
    : name
      ? `${subject} ${JSON.stringify(name)} is forbidden`
      : `${subject} is forbidden`;
  const details = target.resource ? about(target, name) : {};
  return new ApiError(403, "Forbidden", `${head}: ${why}`, { ...details, ...(causes && { causes }) });
};

export const unauthorized = () => new ApiError(401, "Unauthorized", "Unauthorized");

export const badRequest = (message: string) => new ApiError(400, "BadRequest", message);

export const methodNotAllowed = () =>
  new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});

export const expired = (message: string) => new ApiError(410, "Expired", message);

export const tooLargeResourceVersion = (wanted: number, current: number) =>
  new ApiError(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });

export const internalError = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
};

/** One mistake in an object, as `field.Error` prints it. */
export interface FieldError {
  type:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueForbidden"
    | "FieldValueNotSupported"
    | "FieldValueDuplicate"
    | "FieldValueTooLong"
    | "FieldValueTooMany"
    | "FieldValueTypeInvalid";
  field: string;
  /** Without the field's name: `Required value: name or generateName is required`. */
  message: string;
}

export function invalid(
  target: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const kind = target.group ? `${target.kind}.${target.group}` : target.kind;
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const text = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new ApiError(422, "Invalid", `${kind} ${JSON.stringify(name)} is invalid: ${text}`, {
    ...(name && { name }),
    ...(target.group && { group: target.group }),
    ...(target.kind && { kind: target.kind }),
    causes: errors.map(({ type, field, message }) => ({ reason: type, message, field })),
  });
}

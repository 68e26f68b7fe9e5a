const codes = {
  InternalError: 10,
  NotFound: 20,
  NotUnique: 21,
  InvalidData: 22,
  InsufficientScopes: 23,
  TenantRequired: 24,
  TenantNotFound: 25,
  Unauthorized: 26,
  InvalidOperation: 27,
  NotUniqueName: 31,
} as const;

export type DirectorErrorName = keyof typeof codes;

/** A failure as the Director presents it: with a number, its name and a sentence. */
export class DirectorError extends Error {
  override readonly name = "DirectorError";
  readonly extensions: { error_code: number; error: DirectorErrorName };

  constructor(error: DirectorErrorName, message: string) {
    super(message);
    this.extensions = { error_code: codes[error], error };
  }
}

export const notFound = (kind: string, id: string): DirectorError =>
  new DirectorError("NotFound", `Object not found [ID=${id}; object=${kind}]`);

export const invalid = (reason: string): DirectorError =>
  new DirectorError("InvalidData", `Invalid data [reason=${reason}]`);

/** Why fields of an input were refused, as the Director lists them. */
export const invalidInput = (input: string, mistakes: Record<string, string>): DirectorError => {
  const list = Object.entries(mistakes).map(([field, mistake]) => `${field}=${mistake}`);
  return new DirectorError("InvalidData", `Invalid data ${input} [${list.join("; ")}]`);
};

export const refused = (reason: string): DirectorError =>
  new DirectorError("InvalidOperation", `The operation is not allowed [reason=${reason}]`);

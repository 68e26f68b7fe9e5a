/** What an annotation's text turned out to be. A list may be right in part: what is wrong is said, the rest counts. */
export type Reading<T> =
  | { readonly value: T; readonly mistake?: string }
  | { readonly value?: undefined; readonly mistake: string };

/** One thing that an annotation can say about an API, declared once: read, explained and typed from here. */
export interface Setting<out T> {
  /** What follows the prefix in the annotation. */
  readonly name: string;
  /** What is allowed, to follow "must be". */
  readonly allowed: string;
  /** What holds without the annotation, for the reference. */
  readonly otherwise: string;
  readonly description: string;
  read(text: string): Reading<T>;
}

/** How a setting is described where it is declared. */
export interface Description {
  /** The flag that holds without the annotation, or a word or two. */
  readonly otherwise: string;
  readonly description: string;
}

export type ValueOf<S> = S extends Setting<infer T> ? T : never;

const maxLength = 1024;

/** A caller's text for the log: whole when it is what such texts usually are, else its beginning. */
export function excerpt(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}...`;
}

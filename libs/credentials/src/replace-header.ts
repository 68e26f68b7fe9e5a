/** Puts a header into a flat list, in place of all that have its name. */
export function replaceHeader(headers: string[], name: string, value: string): void {
  const lowerName = name.toLowerCase();
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const given = headers[i] as string;
    if (given.length === name.length && given.toLowerCase() === lowerName) headers.splice(i, 2);
  }
  headers.push(name, value);
}

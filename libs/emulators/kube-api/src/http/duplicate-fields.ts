/**
 * The paths of fields that appear twice in a JSON text: `data.a`. JSON.parse keeps the last and says nothing.
 * The text must be valid JSON.
 */
export function duplicateFields(text: string): string[] {
  const found: string[] = [];
  let at = 0;

  const skipSpace = () => {
    while (text.charCodeAt(at) <= 0x20) at += 1;
  };
  const skipString = (): string => {
    const start = at;
    at += 1;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at += 1;
    return text.slice(start, at);
  };

  const value = (path: string): void => {
    skipSpace();
    const first = text[at];
    if (first === "{") fields(path);
    else if (first === "[") items(path);
    else if (first === '"') skipString();
    else while (at < text.length && !",]}".includes(text[at] as string)) at += 1;
  };
  const fields = (path: string): void => {
    const seen = new Set<string>();
    at += 1;
    skipSpace();
    while (text[at] !== "}") {
      skipSpace();
      const key = JSON.parse(skipString()) as string;
      const childPath = path ? `${path}.${key}` : key;
      if (seen.has(key)) found.push(childPath);
      seen.add(key);
      skipSpace();
      at += 1; // the colon
      value(childPath);
      skipSpace();
      if (text[at] === ",") at += 1;
    }
    at += 1;
  };
  const items = (path: string): void => {
    at += 1;
    skipSpace();
    for (let index = 0; text[at] !== "]"; index += 1) {
      value(`${path}[${index}]`);
      skipSpace();
      if (text[at] === ",") at += 1;
      skipSpace();
    }
    at += 1;
  };

  value("");
  return found;
}

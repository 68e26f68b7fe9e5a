/** The first JSON value of a text that may go on after it: Go's decoder, unlike `JSON.parse`, reads no further. */
export function parseFirstJson(text: string): unknown {
  return JSON.parse(text.slice(0, endOfFirstValue(text)));
}

function endOfFirstValue(text: string): number {
  let depth = 0;
  let inString = false;
  for (let index = text.search(/\S/); index >= 0 && index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth <= 0) return index + 1;
    }
  }
  return text.length;
}

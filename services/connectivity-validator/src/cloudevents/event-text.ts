/**
 * Whether a text may be the value of an attribute: no control characters, no noncharacters, no lone surrogates
 * (CloudEvents 1.0.2, section "Type System").
 */
export function isEventText(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return false;
    if (unit < 0xd800) continue;
    if (unit >= 0xdc00 && unit <= 0xdfff) return false;
    if (unit <= 0xdbff) {
      const low = text.charCodeAt(++at);
      if (!(low >= 0xdc00 && low <= 0xdfff)) return false;
      // The last two code points of each plane: their low halves end in 0x3fe or 0x3ff, those of the high halves in 0x3f.
      if ((low & 0x3fe) === 0x3fe && (unit & 0x3f) === 0x3f) return false;
    } else if ((unit >= 0xfdd0 && unit <= 0xfdef) || unit >= 0xfffe) return false;
  }
  return true;
}

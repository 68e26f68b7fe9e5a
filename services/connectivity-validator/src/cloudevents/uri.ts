const scheme = "[A-Za-z][A-Za-z0-9+.-]*";
const encoded = "%[0-9A-Fa-f]{2}";
const plain = "A-Za-z0-9._~!$&'()*+,;=\\-";
const pathCharacter = `(?:[${plain}:@]|${encoded})`;
/** An address in brackets is looked at for its alphabet only. */
const host = `(?:\\[[0-9A-Za-z:.${plain}]+\\]|(?:[${plain}]|${encoded})*)`;
const authority = `(?:(?:[${plain}:]|${encoded})*@)?${host}(?::[0-9]*)?`;
const absolutePath = `(?:/${pathCharacter}*)*`;
const withAuthority = `//${authority}${absolutePath}`;
const tail = `(?:\\?(?:${pathCharacter}|[/?])*)?(?:#(?:${pathCharacter}|[/?])*)?`;
const rootless = `${pathCharacter}+(?:/${pathCharacter}*)*`;
/** The first segment of a relative path has no colon: what is before it would be a scheme. */
const noScheme = `(?:[${plain}@]|${encoded})+(?:/${pathCharacter}*)*`;
const rooted = `/(?:${rootless})?`;

const uri = new RegExp(`^${scheme}:(?:${withAuthority}|${rooted}|${rootless}|)${tail}$`);
const relative = new RegExp(`^(?:${withAuthority}|${rooted}|${noScheme}|)${tail}$`);

/** A URI with a scheme (RFC 3986, section 3). */
export const isUri = (text: string): boolean => uri.test(text);

/** A URI, or a relative reference (RFC 3986, section 4.1); the empty one, which says nothing, is none here. */
export const isUriReference = (text: string): boolean => text !== "" && (uri.test(text) || relative.test(text));

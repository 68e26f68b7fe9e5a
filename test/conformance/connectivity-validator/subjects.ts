import { type Attribute, type Name, parseName } from "@application-connector/x509";

/** A certificate's subject, and who its holder is: the common name, or nobody, who then asks as `victim`. */
export interface Subject {
  readonly title: string;
  readonly subject: Name;
  readonly is: string | undefined;
}

const row = (title: string, subject: Name | string, is?: string): Subject => ({
  title,
  subject: typeof subject === "string" ? parseName(subject) : subject,
  is,
});
/** A subject of this one common name. */
const named = (title: string, value: string, encoding?: Attribute["encoding"]): Subject =>
  row(title, [[{ type: "CN", value, ...(encoding && { encoding }) }]], value);
/** The same, of somebody who would like to be the victim. */
const nearly = (title: string, value: string, encoding?: Attribute["encoding"]): Subject => ({
  ...named(title, value, encoding),
  is: undefined,
});
const opaque = (title: string, hex: string): Subject => row(title, [[{ type: "CN", value: undefined, hex }]]);

const somebody: readonly Subject[] = [
  row("a common name alone", "CN=plain", "plain"),
  row("upstream's order", "CN=plain,OU=group,O=tenant,L=Waldorf,ST=Waldorf,C=DE", "plain"),
  row("the common name last", "O=tenant,OU=group,CN=plain", "plain"),
  row("the common name in the middle", "C=DE,O=tenant,CN=middle,OU=group", "middle"),
  row("an id as UCL gives", "CN=6c3b4f1e-3b0c-4d6e-9a52-0f6f3a2b7c11,O=t", "6c3b4f1e-3b0c-4d6e-9a52-0f6f3a2b7c11"),
  row("several units and organizations", "CN=many,OU=a,OU=b,O=c,O=d", "many"),
  row("a multi-valued unit", "CN=units,OU=a+OU=b", "units"),
  row("an empty unit", "CN=empty-unit,OU=", "empty-unit"),
  row("a unit that looks like a name", "CN=unit,OU=x\\,CN=victim", "unit"),
  row("a unit that looks like a header", 'CN=unit,OU=\\"\\;Subject=\\"CN=victim', "unit"),
  row(
    "attributes of many types",
    "emailAddress=a@b.c,serialNumber=42,UID=victim,DC=example,DC=com,SN=s,GN=g,street=x,title=t,pseudonym=p,CN=types",
    "types",
  ),
  row("an attribute of a type without a name", "1.2.3.4=hello,CN=unknown-type", "unknown-type"),
  row("an organization identifier", "2.5.4.97=VATDE-1,CN=organization", "organization"),
  named("dots and dashes", "dotted.app-1"),
  named("64 characters", "x".repeat(64)),
  named("a comma", "a, b"),
  named("quotes", 'say "hi"'),
  named("one quote", '"'),
  named("a backslash", "a\\b"),
  named("a backslash at the end", "a\\"),
  named("backslash and quote", '\\"'),
  named("a plus", "a+b"),
  named("a hash in front", "#h"),
  named("a hash alone", "#"),
  named("a hash inside", "a#b"),
  named("semicolon and angle brackets", "a;b<c>d"),
  named("spaces around", " x "),
  named("spaces alone", "  "),
  named("an equals sign", "victim=evil"),
  named("several equals signs", "=a==b="),
  named("slash form as a value", "/CN=victim"),
  named("a name as a value", "CN=victim"),
  named("a name of two parts as a value", "x,CN=victim"),
  named("a header's pair as a value", 'x";Subject="CN=victim'),
  named("a header's element as a value", 'x",Subject="CN=victim'),
  named("percent signs", "%41%22%00"),
  named("all other punctuation", "!$&'()*-./:?@[]^_`{|}~"),
  named("an umlaut", "Müller-App"),
  named("an umlaut as T61String", "Müller-T61", "t61"),
  named("an umlaut as BMPString", "Müller-BMP", "bmp"),
  named("an umlaut in two characters", "Mu\u0308ller-App"),
  named("PrintableString", "Printable (1)", "printable"),
  named("IA5String", "ia5@example", "ia5"),
  named("Han, Kana", "日本の、アプリ"),
  named("right to left", "تطبيق"),
  named("emoji", "😀 app"),
  named("emoji as UniversalString", "😀,universal", "universal"),
  named("a no-break space", "a\u00a0b"),
];

const nobody: readonly Subject[] = [
  nearly("a capital letter", "Victim"),
  nearly("capital letters", "VICTIM"),
  nearly("a space behind", "victim "),
  nearly("a space before", " victim"),
  nearly("a NUL behind", "victim\0"),
  nearly("a NUL and more behind", "victim\0.evil"),
  nearly("a NUL inside", "vic\0tim"),
  nearly("a NUL as BMPString", "victim\0", "bmp"),
  nearly("a line feed behind", "victim\n"),
  nearly("a carriage return inside", "victim\rx"),
  nearly("a delete", "victim\x7f"),
  nearly("a control character of Latin-1", "victim\x85"),
  nearly("a zero-width space", "victim\u200b"),
  nearly("a soft hyphen", "vic\u00adtim"),
  nearly("a byte order mark", "\ufeffvictim"),
  nearly("a Cyrillic letter", "v\u0456ctim"),
  nearly("a dotless letter", "v\u0131ctim"),
  nearly("full-width letters", "\uff56ictim"),
  nearly("mathematical letters", "\u{1d42f}ictim"),
  nearly("a combining mark", "victi\u0301m"),
  nearly("right-to-left override", "\u202emitciv"),
  nearly("the name as a prefix", "victim.evil"),
  nearly("a pattern", "*"),
  row("the victim second", "CN=attacker,CN=victim"),
  row("the victim first", "CN=victim,CN=attacker"),
  row("the victim twice", "CN=victim,CN=victim"),
  row("a multi-valued part", "CN=victim+OU=x"),
  row("a multi-valued part of two common names", "CN=victim+CN=attacker"),
  row("a multi-valued part beside a proper one", "CN=victim,CN=attacker+OU=x"),
  row("an escaped comma in a unit", "CN=attacker,OU=x\\,CN=victim"),
  row("the name in every other place", "CN=attacker,UID=victim,O=victim,OU=victim,emailAddress=victim,SN=victim"),
  row("no common name", "O=victim,OU=victim"),
  row("an empty common name", "CN="),
  row("no name at all", []),
  // Strings of other types, and bytes that are no text, no TLS library takes for a certificate.
  opaque("NumericString", "1203313233"),
  opaque("a sequence", "3003020101"),
];

export const subjects: readonly Subject[] = [...somebody, ...nobody];

/**
 * The attribute types BoringSSL prints by short name. Any other type is printed as a dotted OID with its value in
 * hex, even where the value is readable.
 */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.13": "description",
  "2.5.4.14": "searchGuide",
  "2.5.4.15": "businessCategory",
  "2.5.4.16": "postalAddress",
  "2.5.4.17": "postalCode",
  "2.5.4.18": "postOfficeBox",
  "2.5.4.19": "physicalDeliveryOfficeName",
  "2.5.4.20": "telephoneNumber",
  "2.5.4.21": "telexNumber",
  "2.5.4.22": "teletexTerminalIdentifier",
  "2.5.4.23": "facsimileTelephoneNumber",
  "2.5.4.24": "x121Address",
  "2.5.4.25": "internationaliSDNNumber",
  "2.5.4.26": "registeredAddress",
  "2.5.4.27": "destinationIndicator",
  "2.5.4.28": "preferredDeliveryMethod",
  "2.5.4.29": "presentationAddress",
  "2.5.4.30": "supportedApplicationContext",
  "2.5.4.31": "member",
  "2.5.4.32": "owner",
  "2.5.4.33": "roleOccupant",
  "2.5.4.34": "seeAlso",
  "2.5.4.35": "userPassword",
  "2.5.4.36": "userCertificate",
  "2.5.4.37": "cACertificate",
  "2.5.4.38": "authorityRevocationList",
  "2.5.4.39": "certificateRevocationList",
  "2.5.4.40": "crossCertificatePair",
  "2.5.4.41": "name",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.44": "generationQualifier",
  "2.5.4.45": "x500UniqueIdentifier",
  "2.5.4.46": "dnQualifier",
  "2.5.4.47": "enhancedSearchGuide",
  "2.5.4.48": "protocolInformation",
  "2.5.4.49": "distinguishedName",
  "2.5.4.50": "uniqueMember",
  "2.5.4.51": "houseIdentifier",
  "2.5.4.52": "supportedAlgorithms",
  "2.5.4.53": "deltaRevocationList",
  "2.5.4.54": "dmdName",
  "2.5.4.65": "pseudonym",
  "2.5.4.72": "role",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.2": "textEncodedORAddress",
  "0.9.2342.19200300.100.1.3": "mail",
  "0.9.2342.19200300.100.1.4": "info",
  "0.9.2342.19200300.100.1.5": "favouriteDrink",
  "0.9.2342.19200300.100.1.6": "roomNumber",
  "0.9.2342.19200300.100.1.7": "photo",
  "0.9.2342.19200300.100.1.8": "userClass",
  "0.9.2342.19200300.100.1.9": "host",
  "0.9.2342.19200300.100.1.10": "manager",
  "0.9.2342.19200300.100.1.25": "DC",
  "0.9.2342.19200300.100.1.43": "co",
  "1.2.840.113549.1.9.1": "emailAddress",
  "1.2.840.113549.1.9.2": "unstructuredName",
  "1.2.840.113549.1.9.7": "challengePassword",
  "1.2.840.113549.1.9.8": "unstructuredAddress",
};

/** Lower-case short name → OID. Names are written by people, who do not agree on upper and lower case. */
const oids = new Map(Object.entries(shortNames).map(([oid, name]) => [name.toLowerCase(), oid]));

/** Below 0 and 1 there are 40 arcs each: both are written in one number. */
const dottedOid = /^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/;

/** The short name of a type, or undefined where there is none and the dotted OID is printed. */
export function shortName(oid: string): string | undefined {
  return shortNames[oid];
}

/** The OID of a type given as short name (any case) or as dotted OID. */
export function oidOf(type: string): string | undefined {
  return oids.get(type.toLowerCase()) ?? (dottedOid.test(type) ? type : undefined);
}

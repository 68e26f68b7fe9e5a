/** The Connector's schema, as UCL publishes it. */
export const connectorTypes = /* GraphQL */ `
type Query { configuration: Configuration! }
type Mutation {
  signCertificateSigningRequest(csr: String!): CertificationResult!
  revokeCertificate: Boolean!
}
type Configuration {
  token: Token
  certificateSigningRequestInfo: CertificateSigningRequestInfo
  managementPlaneInfo: ManagementPlaneInfo
}
type Token { token: String! }
type CertificateSigningRequestInfo { subject: String! keyAlgorithm: String! }
type ManagementPlaneInfo { directorURL: String certificateSecuredConnectorURL: String }
type CertificationResult { certificateChain: String! caCertificate: String! clientCertificate: String! }
`;

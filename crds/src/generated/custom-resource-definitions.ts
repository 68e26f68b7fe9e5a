// Generated from crds/*.yaml by crds/tools/generate.ts. Do not edit.

import type { CustomResourceDefinition } from "../custom-resource-definition.ts";

export const applicationsDefinition: CustomResourceDefinition = {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
    "name": "applications.applicationconnector.kyma-project.io",
    "annotations": {
      "helm.sh/resource-policy": "keep"
    },
    "labels": {
      "kyma-project.io/module": "application-connector"
    }
  },
  "spec": {
    "group": "applicationconnector.kyma-project.io",
    "scope": "Cluster",
    "preserveUnknownFields": false,
    "names": {
      "plural": "applications",
      "singular": "application",
      "kind": "Application",
      "listKind": "ApplicationList",
      "shortNames": [
        "app"
      ],
      "categories": [
        "app-connector"
      ]
    },
    "versions": [
      {
        "name": "v1alpha1",
        "served": true,
        "storage": true,
        "subresources": {
          "status": {}
        },
        "additionalPrinterColumns": [
          {
            "name": "DisplayName",
            "type": "string",
            "description": "Name of the external system for people",
            "jsonPath": ".spec.displayName"
          },
          {
            "name": "Services",
            "type": "string",
            "description": "Name of the first of its APIs, or bundles of them; the object lists all",
            "jsonPath": ".spec.services[*].displayName"
          },
          {
            "name": "Ready",
            "type": "string",
            "description": "Whether calls to and events from the external system can work",
            "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
          },
          {
            "name": "Synced",
            "type": "string",
            "description": "Whether the object is as the Unified Customer Landscape (UCL) describes it; empty for Applications made by hand",
            "jsonPath": ".status.conditions[?(@.type==\"Synced\")].status"
          },
          {
            "name": "Source",
            "type": "string",
            "description": "Who writes the object; empty for Applications made by hand",
            "jsonPath": ".metadata.labels.applicationconnector\\.kyma-project\\.io/managed-by"
          },
          {
            "name": "UCL ID",
            "type": "string",
            "description": "Id of the application in the Unified Customer Landscape (UCL)",
            "jsonPath": ".spec.compassMetadata.applicationId",
            "priority": 1
          },
          {
            "name": "Description",
            "type": "string",
            "description": "What the external system is",
            "jsonPath": ".spec.description",
            "priority": 1
          },
          {
            "name": "Age",
            "type": "date",
            "jsonPath": ".metadata.creationTimestamp"
          }
        ],
        "schema": {
          "openAPIV3Schema": {
            "description": "An external system connected to this cluster: the APIs that workloads may call through the Application Gateway, and the identity under which the system may send events.",
            "type": "object",
            "properties": {
              "apiVersion": {
                "description": "The group and version of this object's schema.",
                "type": "string"
              },
              "kind": {
                "description": "The kind of this object, Application.",
                "type": "string"
              },
              "metadata": {
                "type": "object"
              },
              "spec": {
                "description": "The external system as it should be reachable from, and known to, the cluster.",
                "type": "object",
                "properties": {
                  "description": {
                    "description": "What the external system is, for people.",
                    "type": "string"
                  },
                  "displayName": {
                    "description": "Name of the external system for user interfaces.",
                    "type": "string"
                  },
                  "providerDisplayName": {
                    "description": "Name of the organisation that provides the external system, for user interfaces.",
                    "type": "string"
                  },
                  "longDescription": {
                    "description": "A longer text about the external system, for user interfaces.",
                    "type": "string"
                  },
                  "tenant": {
                    "description": "Tenant the external system belongs to. The Connectivity Validator can require it as an organization (O) in the client certificate.",
                    "type": "string"
                  },
                  "group": {
                    "description": "Group the external system belongs to. The Connectivity Validator can require it as an organizational unit (OU) in the client certificate.",
                    "type": "string"
                  },
                  "accessLabel": {
                    "description": "Label that once granted access to the services of this Application. Kept for old objects; not used.",
                    "type": "string",
                    "maxLength": 63,
                    "pattern": "^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$"
                  },
                  "skipInstallation": {
                    "description": "Whether to install nothing for this Application. Kept for old objects; nothing is installed any more.",
                    "type": "boolean"
                  },
                  "skipVerify": {
                    "description": "Whether the Application Gateway accepts any server certificate of the external system and its token endpoints.",
                    "type": "boolean"
                  },
                  "encodeUrl": {
                    "description": "Whether the Application Gateway decodes the path of a call and encodes it anew (true), or passes on the bytes it received (false).",
                    "type": "boolean",
                    "default": true
                  },
                  "labels": {
                    "description": "Free labels of the external system. Not the labels of this object, and not used for selection.",
                    "type": "object",
                    "nullable": true,
                    "additionalProperties": {
                      "description": "Value of one label.",
                      "type": "string"
                    }
                  },
                  "tags": {
                    "description": "Words by which user interfaces can find the external system.",
                    "type": "array",
                    "nullable": true,
                    "items": {
                      "description": "One tag.",
                      "type": "string"
                    }
                  },
                  "compassMetadata": {
                    "description": "Set when the Unified Customer Landscape (UCL) manages this Application. Client certificates are then matched by client id instead of by the Application's name.",
                    "type": "object",
                    "required": [
                      "authentication"
                    ],
                    "properties": {
                      "applicationId": {
                        "description": "Id of the application in UCL.",
                        "type": "string"
                      },
                      "authentication": {
                        "description": "How the external system proves its identity when it sends events.",
                        "type": "object",
                        "required": [
                          "clientIds"
                        ],
                        "properties": {
                          "clientIds": {
                            "description": "Common names of the client certificates that may act for this Application.",
                            "type": "array",
                            "items": {
                              "description": "The common name (CN) of one client certificate.",
                              "type": "string"
                            }
                          }
                        }
                      }
                    }
                  },
                  "services": {
                    "description": "What the external system offers: one service for each API, or for each bundle of APIs and events.",
                    "type": "array",
                    "items": {
                      "description": "One API, or one bundle of APIs and events.",
                      "type": "object",
                      "required": [
                        "id",
                        "name",
                        "displayName",
                        "providerDisplayName",
                        "description",
                        "entries"
                      ],
                      "properties": {
                        "id": {
                          "description": "Id that is unique over all services of all Applications; the id of the bundle in UCL.",
                          "type": "string"
                        },
                        "identifier": {
                          "description": "Id of the service given by the external system.",
                          "type": "string"
                        },
                        "name": {
                          "description": "Unique technical name of the service.",
                          "type": "string"
                        },
                        "displayName": {
                          "description": "Name of the service. In lower case, with everything but letters and digits as hyphens, it is the part of the Application Gateway's path that selects the service.",
                          "type": "string"
                        },
                        "description": {
                          "description": "What the service is, for people.",
                          "type": "string"
                        },
                        "longDescription": {
                          "description": "A longer text about the service, for user interfaces.",
                          "type": "string"
                        },
                        "providerDisplayName": {
                          "description": "Name of the organisation that provides the service, for user interfaces.",
                          "type": "string"
                        },
                        "authCreateParameterSchema": {
                          "description": "JSON Schema, as text, of the input that is needed to ask UCL for credentials of this bundle.",
                          "type": "string"
                        },
                        "labels": {
                          "description": "Free labels of the service. Deprecated; kept for old objects.",
                          "type": "object",
                          "nullable": true,
                          "additionalProperties": {
                            "description": "Value of one label.",
                            "type": "string"
                          }
                        },
                        "tags": {
                          "description": "Words by which user interfaces can find the service.",
                          "type": "array",
                          "items": {
                            "description": "One tag.",
                            "type": "string"
                          }
                        },
                        "entries": {
                          "description": "The APIs and events of the service.",
                          "type": "array",
                          "items": {
                            "description": "One API that workloads can call, or one set of events the external system sends.",
                            "type": "object",
                            "required": [
                              "type"
                            ],
                            "properties": {
                              "type": {
                                "description": "API for something workloads call, Events for something the external system sends.",
                                "type": "string",
                                "enum": [
                                  "API",
                                  "Events"
                                ]
                              },
                              "apiType": {
                                "description": "Kind of the API, such as ODATA or OPEN_API.",
                                "type": "string"
                              },
                              "id": {
                                "description": "Id of the API or event definition in UCL.",
                                "type": "string"
                              },
                              "name": {
                                "description": "Name of the API or event definition. In a bundle, normalised like the service's display name, it is the part of the Application Gateway's path that selects the API.",
                                "type": "string"
                              },
                              "targetUrl": {
                                "description": "Base URL of the API. Calls through the Application Gateway are sent to this URL.",
                                "type": "string"
                              },
                              "gatewayUrl": {
                                "description": "URL of the Application's own gateway in old releases. Kept for old objects; not used.",
                                "type": "string"
                              },
                              "centralGatewayUrl": {
                                "description": "URL under which workloads in the cluster call this API through the Application Gateway.",
                                "type": "string"
                              },
                              "specificationUrl": {
                                "description": "Where the specification of the API or the events can be read.",
                                "type": "string"
                              },
                              "requestParametersSecretName": {
                                "description": "Name of the Secret with additional headers and query parameters for every call.",
                                "type": "string"
                              },
                              "accessLabel": {
                                "description": "Label that once granted access to the entry. Kept for old objects; not used.",
                                "type": "string",
                                "maxLength": 63,
                                "pattern": "^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$"
                              },
                              "credentials": {
                                "description": "How the Application Gateway authenticates at the API. Without it, or with empty values, calls are sent without credentials.",
                                "type": "object",
                                "required": [
                                  "type",
                                  "secretName"
                                ],
                                "properties": {
                                  "type": {
                                    "description": "Method of authentication, such as Basic, OAuth, OAuthWithCert or CertificateGen.",
                                    "type": "string"
                                  },
                                  "secretName": {
                                    "description": "Name of the Secret that holds the credentials.",
                                    "type": "string"
                                  },
                                  "authenticationUrl": {
                                    "description": "URL of the token endpoint, for the OAuth methods.",
                                    "type": "string"
                                  },
                                  "csrfInfo": {
                                    "description": "Set when the API wants a token against cross-site request forgery (CSRF) with each call.",
                                    "type": "object",
                                    "required": [
                                      "tokenEndpointURL"
                                    ],
                                    "properties": {
                                      "tokenEndpointURL": {
                                        "description": "URL from which the CSRF token and its cookies are fetched.",
                                        "type": "string"
                                      }
                                    }
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              },
              "status": {
                "description": "What is known about the Application. Written by the controllers.",
                "type": "object",
                "properties": {
                  "installationStatus": {
                    "description": "State of what old releases installed for the Application. Kept for old objects and the Runtime Agent.",
                    "type": "object",
                    "required": [
                      "status"
                    ],
                    "properties": {
                      "status": {
                        "description": "State of the installation in one word; empty when nothing was installed.",
                        "type": "string"
                      },
                      "description": {
                        "description": "The state in more words.",
                        "type": "string"
                      }
                    }
                  },
                  "conditions": {
                    "description": "The latest observations of the Application's state, one for each type.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "type"
                    ],
                    "items": {
                      "description": "One observation of one aspect of the Application's state.",
                      "type": "object",
                      "required": [
                        "lastTransitionTime",
                        "message",
                        "reason",
                        "status",
                        "type"
                      ],
                      "properties": {
                        "type": {
                          "description": "The aspect observed, such as Ready or Synced.",
                          "type": "string",
                          "maxLength": 316,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
                        },
                        "status": {
                          "description": "Whether the aspect holds, does not hold, or cannot be known.",
                          "type": "string",
                          "enum": [
                            "True",
                            "False",
                            "Unknown"
                          ]
                        },
                        "observedGeneration": {
                          "description": "The metadata.generation the observation was made on.",
                          "type": "integer",
                          "format": "int64",
                          "minimum": 0
                        },
                        "lastTransitionTime": {
                          "description": "When the status of this condition last changed.",
                          "type": "string",
                          "format": "date-time"
                        },
                        "reason": {
                          "description": "Why the condition has this status, in one CamelCase word for programs.",
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 1024,
                          "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                        },
                        "message": {
                          "description": "Why the condition has this status, in a sentence for people.",
                          "type": "string",
                          "maxLength": 32768
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    ]
  }
};

export const compassconnectionsDefinition: CustomResourceDefinition = {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
    "name": "compassconnections.compass.kyma-project.io",
    "annotations": {
      "helm.sh/resource-policy": "keep"
    },
    "labels": {
      "kyma-project.io/module": "application-connector"
    }
  },
  "spec": {
    "group": "compass.kyma-project.io",
    "scope": "Cluster",
    "preserveUnknownFields": false,
    "names": {
      "plural": "compassconnections",
      "singular": "compassconnection",
      "kind": "CompassConnection",
      "listKind": "CompassConnectionList"
    },
    "versions": [
      {
        "name": "v1alpha1",
        "served": true,
        "storage": true,
        "additionalPrinterColumns": [
          {
            "name": "State",
            "type": "string",
            "description": "Whether this cluster is connected to the Unified Customer Landscape (UCL) and mirrors its formation",
            "jsonPath": ".status.connectionState"
          },
          {
            "name": "LastSync",
            "type": "date",
            "description": "When the connection was last looked after",
            "jsonPath": ".status.connectionStatus.lastSync"
          },
          {
            "name": "Age",
            "type": "date",
            "jsonPath": ".metadata.creationTimestamp"
          }
        ],
        "schema": {
          "openAPIV3Schema": {
            "description": "The connection of this cluster to the Unified Customer Landscape (UCL, formerly Compass). The Runtime Agent makes and maintains the one that is called compass-connection; deleting it makes the agent pair again.",
            "type": "object",
            "required": [
              "spec"
            ],
            "properties": {
              "apiVersion": {
                "description": "The group and version of this object's schema.",
                "type": "string"
              },
              "kind": {
                "description": "The kind of this object, CompassConnection.",
                "type": "string"
              },
              "metadata": {
                "type": "object"
              },
              "spec": {
                "description": "Where UCL is reached, and what the Runtime Agent is asked to do out of turn.",
                "type": "object",
                "required": [
                  "managementInfo"
                ],
                "properties": {
                  "managementInfo": {
                    "description": "Addresses of UCL for clients with a certificate, as UCL told them.",
                    "type": "object",
                    "required": [
                      "connectorUrl",
                      "directorUrl"
                    ],
                    "properties": {
                      "connectorUrl": {
                        "description": "Address of the Connector, which issues certificates.",
                        "type": "string"
                      },
                      "directorUrl": {
                        "description": "Address of the Director, which knows the applications.",
                        "type": "string"
                      }
                    }
                  },
                  "resyncNow": {
                    "description": "Whether to synchronise at once, in spite of the minimal time between two rounds and of the deletion guard. Set back by the Runtime Agent when a round has succeeded.",
                    "type": "boolean"
                  },
                  "refreshCredentialsNow": {
                    "description": "Whether to ask for a new certificate at once. Set back by the Runtime Agent when it has one.",
                    "type": "boolean"
                  }
                }
              },
              "status": {
                "description": "What has become of the connection.",
                "type": "object",
                "required": [
                  "connectionState",
                  "connectionStatus"
                ],
                "properties": {
                  "connectionState": {
                    "description": "Connected, ConnectionFailed, ConnectionMaintenanceFailed, SynchronizationFailed, ResourceApplicationFailed, MetadataUpdateFailed or Synchronized.",
                    "type": "string"
                  },
                  "connectionStatus": {
                    "description": "The connection and its certificate.",
                    "type": "object",
                    "required": [
                      "certificateStatus"
                    ],
                    "properties": {
                      "certificateStatus": {
                        "description": "The client certificate of this cluster.",
                        "type": "object",
                        "properties": {
                          "acquired": {
                            "description": "When the first certificate of this connection was issued.",
                            "type": "string",
                            "format": "date-time",
                            "nullable": true
                          },
                          "notBefore": {
                            "description": "Begin of the certificate's validity.",
                            "type": "string",
                            "format": "date-time",
                            "nullable": true
                          },
                          "notAfter": {
                            "description": "End of the certificate's validity.",
                            "type": "string",
                            "format": "date-time",
                            "nullable": true
                          }
                        }
                      },
                      "error": {
                        "description": "Why the connection could not be made or maintained; empty when it could.",
                        "type": "string"
                      },
                      "established": {
                        "description": "When the connection was made.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      },
                      "renewed": {
                        "description": "When the certificate was last renewed.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      },
                      "lastSync": {
                        "description": "When the connection was last looked after.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      },
                      "lastSuccess": {
                        "description": "When the connection was last looked after with success.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      }
                    }
                  },
                  "synchronizationStatus": {
                    "description": "The last round of synchronisation.",
                    "type": "object",
                    "nullable": true,
                    "properties": {
                      "error": {
                        "description": "Why the last round failed; empty when it did not.",
                        "type": "string"
                      },
                      "lastAttempt": {
                        "description": "When the last round began.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      },
                      "lastSuccessfulFetch": {
                        "description": "When the applications were last fetched as a whole.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      },
                      "lastSuccessfulApplication": {
                        "description": "When the applications were last applied.",
                        "type": "string",
                        "format": "date-time",
                        "nullable": true
                      }
                    }
                  },
                  "conditions": {
                    "description": "The latest observations of the connection's state, one for each type.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "type"
                    ],
                    "items": {
                      "description": "One observation of one aspect of the connection's state.",
                      "type": "object",
                      "required": [
                        "lastTransitionTime",
                        "message",
                        "reason",
                        "status",
                        "type"
                      ],
                      "properties": {
                        "type": {
                          "description": "The aspect observed, such as Connected or Fetched.",
                          "type": "string",
                          "maxLength": 316,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
                        },
                        "status": {
                          "description": "Whether the aspect holds, does not hold, or cannot be known.",
                          "type": "string",
                          "enum": [
                            "True",
                            "False",
                            "Unknown"
                          ]
                        },
                        "observedGeneration": {
                          "description": "The metadata.generation the observation was made on.",
                          "type": "integer",
                          "format": "int64",
                          "minimum": 0
                        },
                        "lastTransitionTime": {
                          "description": "When the status of this condition last changed.",
                          "type": "string",
                          "format": "date-time"
                        },
                        "reason": {
                          "description": "Why the condition has this status, in one CamelCase word for programs.",
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 1024,
                          "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                        },
                        "message": {
                          "description": "Why the condition has this status, in a sentence for people.",
                          "type": "string",
                          "maxLength": 32768
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    ]
  }
};

export const applicationconnectorsDefinition: CustomResourceDefinition = {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
    "name": "applicationconnectors.operator.kyma-project.io",
    "annotations": {
      "helm.sh/resource-policy": "keep"
    },
    "labels": {
      "kyma-project.io/module": "application-connector"
    }
  },
  "spec": {
    "group": "operator.kyma-project.io",
    "scope": "Namespaced",
    "names": {
      "plural": "applicationconnectors",
      "singular": "applicationconnector",
      "kind": "ApplicationConnector",
      "listKind": "ApplicationConnectorList",
      "categories": [
        "kyma-modules",
        "kyma-application-connector"
      ]
    },
    "versions": [
      {
        "name": "v1alpha1",
        "served": true,
        "storage": true,
        "subresources": {
          "status": {}
        },
        "additionalPrinterColumns": [
          {
            "name": "State",
            "type": "string",
            "description": "Ready, Processing, Warning (it runs, but somebody has to act), Error or Deleting",
            "jsonPath": ".status.state"
          },
          {
            "name": "Served",
            "type": "string",
            "description": "Whether this is the object that the manager follows; there is one in a cluster",
            "jsonPath": ".status.served"
          },
          {
            "name": "Domain",
            "type": "string",
            "description": "The domain that is in use",
            "jsonPath": ".status.domainName"
          },
          {
            "name": "Version",
            "type": "string",
            "description": "The release of the manager that wrote the status",
            "jsonPath": ".status.version"
          },
          {
            "name": "Age",
            "type": "date",
            "jsonPath": ".metadata.creationTimestamp"
          },
          {
            "name": "Message",
            "type": "string",
            "description": "What is missing, or that nothing is",
            "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message",
            "priority": 1
          }
        ],
        "schema": {
          "openAPIV3Schema": {
            "description": "Installs the Application Connector and says how it is configured. One object, in the namespace kyma-system, is followed; what it leaves out has the default of its field.",
            "type": "object",
            "properties": {
              "apiVersion": {
                "description": "The group and version of this object's schema.",
                "type": "string"
              },
              "kind": {
                "description": "The kind of this object, ApplicationConnector.",
                "type": "string"
              },
              "metadata": {
                "type": "object"
              },
              "spec": {
                "description": "What is installed, and how.",
                "type": "object",
                "default": {},
                "properties": {
                  "domainName": {
                    "description": "Domain of the cluster, below which external systems reach it. Left out, the ConfigMap kube-system/shoot-info names it.",
                    "type": "string",
                    "maxLength": 253,
                    "x-kubernetes-validations": [
                      {
                        "rule": "self == '' || self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                        "message": "must be a domain in lower case, such as example.com"
                      }
                    ]
                  },
                  "networkPoliciesEnabled": {
                    "description": "Whether NetworkPolicies are installed that allow what the components need; networkPolicies says more.",
                    "type": "boolean",
                    "default": false
                  },
                  "appGateway": {
                    "description": "The Application Gateway, through which workloads call external systems.",
                    "type": "object",
                    "default": {},
                    "properties": {
                      "proxyTimeout": {
                        "description": "How long an external system has to answer, as a duration such as 10s; whole seconds, rounded up.",
                        "type": "string",
                        "default": "10s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "requestTimeout": {
                        "description": "How long a workload's whole call may take, as a duration such as 10s; whole seconds, rounded up.",
                        "type": "string",
                        "default": "10s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "logLevel": {
                        "description": "Least severe lines that are logged.",
                        "type": "string",
                        "default": "info",
                        "enum": [
                          "debug",
                          "panic",
                          "fatal",
                          "error",
                          "warn",
                          "info"
                        ]
                      },
                      "scaling": {
                        "description": "How many replicas there are, depending on their load.",
                        "type": "object",
                        "properties": {
                          "minReplicas": {
                            "description": "Fewest replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "maxReplicas": {
                            "description": "Most replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "targetCPUUtilization": {
                            "description": "Load at which replicas are added, in percent of the CPU that they request.",
                            "type": "integer",
                            "format": "int32",
                            "default": 80,
                            "minimum": 1
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
                            "message": "minReplicas must not be more than maxReplicas"
                          }
                        ]
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      },
                      "allowedNamespaces": {
                        "description": "Labels of the namespaces whose workloads may call the gateway. Left out, all may.",
                        "type": "object",
                        "x-kubernetes-map-type": "atomic",
                        "properties": {
                          "matchLabels": {
                            "description": "Labels that a namespace must have.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "The label's value.",
                              "type": "string"
                            }
                          },
                          "matchExpressions": {
                            "description": "Further requirements; all of them must hold.",
                            "type": "array",
                            "x-kubernetes-list-type": "atomic",
                            "items": {
                              "description": "A requirement on one label.",
                              "type": "object",
                              "required": [
                                "key",
                                "operator"
                              ],
                              "properties": {
                                "key": {
                                  "description": "The label's name.",
                                  "type": "string"
                                },
                                "operator": {
                                  "description": "How the label's value relates to the values.",
                                  "type": "string",
                                  "enum": [
                                    "In",
                                    "NotIn",
                                    "Exists",
                                    "DoesNotExist"
                                  ]
                                },
                                "values": {
                                  "description": "Values for In and NotIn.",
                                  "type": "array",
                                  "x-kubernetes-list-type": "atomic",
                                  "items": {
                                    "description": "One of the values.",
                                    "type": "string"
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  },
                  "appConnValidator": {
                    "description": "The Connectivity Validator, through which external systems send events.",
                    "type": "object",
                    "default": {},
                    "properties": {
                      "logLevel": {
                        "description": "Least severe lines that are logged.",
                        "type": "string",
                        "default": "info",
                        "enum": [
                          "debug",
                          "panic",
                          "fatal",
                          "error",
                          "warn",
                          "info"
                        ]
                      },
                      "logFormat": {
                        "description": "How log lines look.",
                        "type": "string",
                        "default": "json",
                        "enum": [
                          "json",
                          "text"
                        ]
                      },
                      "securityProfile": {
                        "description": "strict, or compat: what Kyma's validator lets through. Left out, the manager's configuration decides, which is strict unless somebody changed it.",
                        "type": "string",
                        "enum": [
                          "strict",
                          "compat"
                        ]
                      },
                      "scaling": {
                        "description": "How many replicas there are, depending on their load.",
                        "type": "object",
                        "properties": {
                          "minReplicas": {
                            "description": "Fewest replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "maxReplicas": {
                            "description": "Most replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "targetCPUUtilization": {
                            "description": "Load at which replicas are added, in percent of the CPU that they request.",
                            "type": "integer",
                            "format": "int32",
                            "default": 80,
                            "minimum": 1
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
                            "message": "minReplicas must not be more than maxReplicas"
                          }
                        ]
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      }
                    }
                  },
                  "runtimeAgent": {
                    "description": "The Runtime Agent, which mirrors the formation of the cluster in the Unified Customer Landscape (UCL).",
                    "type": "object",
                    "properties": {
                      "enabled": {
                        "description": "Whether the agent runs. Auto: as soon as the Secret kyma-system/compass-agent-configuration says how to reach UCL.",
                        "type": "string",
                        "default": "Auto",
                        "enum": [
                          "Auto",
                          "Always",
                          "Never"
                        ]
                      },
                      "controllerSyncPeriod": {
                        "description": "How often the formation is mirrored, as a duration.",
                        "type": "string",
                        "default": "180s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "minimalConfigSyncTime": {
                        "description": "Least time between two rounds of calls to UCL, as a duration.",
                        "type": "string",
                        "default": "15s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "certValidityRenewalThreshold": {
                        "description": "The client certificate is renewed when less than this share of its validity is left.",
                        "type": "number",
                        "default": 0.3,
                        "minimum": 0,
                        "maximum": 1
                      },
                      "skipCompassTLSVerify": {
                        "description": "Whether any server certificate of UCL is accepted.",
                        "type": "boolean",
                        "default": false
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      }
                    }
                  },
                  "ingress": {
                    "description": "How external systems reach the validator.",
                    "type": "object",
                    "properties": {
                      "mode": {
                        "description": "Istio: its Gateway and VirtualService. GatewayAPI: Gateway and HTTPRoute of gateway.networking.k8s.io. BuiltIn: the validator's own port for mutual TLS. None: somebody else's business.",
                        "type": "string",
                        "default": "Istio",
                        "enum": [
                          "Istio",
                          "GatewayAPI",
                          "BuiltIn",
                          "None"
                        ]
                      },
                      "hostPrefix": {
                        "description": "What stands before the domain in the name of the host.",
                        "type": "string",
                        "default": "gateway",
                        "maxLength": 63,
                        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                      },
                      "credentialName": {
                        "description": "Secret with the server's certificate and key; the authorities of clients are in the one whose name ends in -cacert.",
                        "type": "string",
                        "default": "kyma-gateway-certs",
                        "maxLength": 240,
                        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
                      },
                      "selector": {
                        "description": "Labels of the pods that are the Istio ingress gateway. Left out: istio: ingressgateway.",
                        "type": "object",
                        "additionalProperties": {
                          "description": "The label's value.",
                          "type": "string"
                        }
                      },
                      "gatewayClassName": {
                        "description": "Class of the Gateway, for the mode GatewayAPI.",
                        "type": "string",
                        "maxLength": 253,
                        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
                      },
                      "serviceType": {
                        "description": "Type of the Service for mutual TLS, for the mode BuiltIn.",
                        "type": "string",
                        "default": "LoadBalancer",
                        "enum": [
                          "ClusterIP",
                          "NodePort",
                          "LoadBalancer"
                        ]
                      }
                    }
                  },
                  "networkPolicies": {
                    "description": "NetworkPolicies in more detail than networkPoliciesEnabled.",
                    "type": "object",
                    "properties": {
                      "mode": {
                        "description": "Disabled: none. Allow: what the components need is allowed. DefaultDeny: and nothing else. Left out, networkPoliciesEnabled decides between Disabled and Allow.",
                        "type": "string",
                        "enum": [
                          "Disabled",
                          "Allow",
                          "DefaultDeny"
                        ]
                      },
                      "externalCIDRs": {
                        "description": "Networks of the external systems. Left out, components may call any.",
                        "type": "array",
                        "maxItems": 100,
                        "x-kubernetes-list-type": "set",
                        "items": {
                          "description": "A network, such as 203.0.113.0/24.",
                          "type": "string",
                          "maxLength": 43,
                          "pattern": "^[0-9a-fA-F.:]+/[0-9]{1,3}$"
                        }
                      },
                      "apiServerPorts": {
                        "description": "Ports of the Kubernetes API. Left out, 443 and 6443.",
                        "type": "array",
                        "maxItems": 16,
                        "x-kubernetes-list-type": "set",
                        "items": {
                          "description": "A port.",
                          "type": "integer",
                          "format": "int32",
                          "minimum": 1,
                          "maximum": 65535
                        }
                      }
                    }
                  },
                  "deletionPolicy": {
                    "description": "What happens when this object is deleted. Block: nothing as long as there are Applications. Retain: everything goes but the definitions of Applications and connections, and they themselves. Cascade: everything goes.",
                    "type": "string",
                    "default": "Block",
                    "enum": [
                      "Block",
                      "Retain",
                      "Cascade"
                    ]
                  }
                }
              },
              "status": {
                "description": "What is known of the installation. Written by the manager.",
                "type": "object",
                "required": [
                  "served",
                  "state"
                ],
                "properties": {
                  "state": {
                    "description": "Ready, Processing, Warning (it runs, but somebody has to act), Error or Deleting.",
                    "type": "string"
                  },
                  "served": {
                    "description": "Whether this is the object that the manager follows, True or False.",
                    "type": "string"
                  },
                  "observedGeneration": {
                    "description": "The metadata.generation that the status speaks of.",
                    "type": "integer",
                    "format": "int64",
                    "minimum": 0
                  },
                  "domainName": {
                    "description": "The domain that is in use.",
                    "type": "string"
                  },
                  "ingressHost": {
                    "description": "The host at which external systems reach the validator.",
                    "type": "string"
                  },
                  "version": {
                    "description": "The release of the manager that wrote the status.",
                    "type": "string"
                  },
                  "components": {
                    "description": "What is installed, and how it is.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "name"
                    ],
                    "items": {
                      "description": "One of the programs that are installed.",
                      "type": "object",
                      "required": [
                        "name"
                      ],
                      "properties": {
                        "name": {
                          "description": "Name of the Deployment.",
                          "type": "string"
                        },
                        "image": {
                          "description": "Image that it runs.",
                          "type": "string"
                        },
                        "desired": {
                          "description": "How many replicas there should be.",
                          "type": "integer",
                          "format": "int32"
                        },
                        "ready": {
                          "description": "How many replicas are ready.",
                          "type": "integer",
                          "format": "int32"
                        },
                        "state": {
                          "description": "Ready, Progressing, Unavailable, Stalled, Missing or NotConfigured.",
                          "type": "string"
                        }
                      }
                    }
                  },
                  "conditions": {
                    "description": "The latest observations of the installation, one for each type.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "type"
                    ],
                    "items": {
                      "description": "One observation of one aspect of the installation.",
                      "type": "object",
                      "required": [
                        "lastTransitionTime",
                        "message",
                        "reason",
                        "status",
                        "type"
                      ],
                      "properties": {
                        "type": {
                          "description": "The aspect observed, such as Installed or Ready.",
                          "type": "string",
                          "maxLength": 316,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
                        },
                        "status": {
                          "description": "Whether the aspect holds, does not hold, or cannot be known.",
                          "type": "string",
                          "enum": [
                            "True",
                            "False",
                            "Unknown"
                          ]
                        },
                        "observedGeneration": {
                          "description": "The metadata.generation the observation was made on.",
                          "type": "integer",
                          "format": "int64",
                          "minimum": 0
                        },
                        "lastTransitionTime": {
                          "description": "When the status of this condition last changed.",
                          "type": "string",
                          "format": "date-time"
                        },
                        "reason": {
                          "description": "Why the condition has this status, in one CamelCase word for programs.",
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 1024,
                          "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                        },
                        "message": {
                          "description": "Why the condition has this status, in a sentence for people.",
                          "type": "string",
                          "maxLength": 32768
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      },
      {
        "name": "v1beta1",
        "served": false,
        "storage": false,
        "subresources": {
          "status": {}
        },
        "additionalPrinterColumns": [
          {
            "name": "State",
            "type": "string",
            "description": "Ready, Processing, Warning (it runs, but somebody has to act), Error or Deleting",
            "jsonPath": ".status.state"
          },
          {
            "name": "Served",
            "type": "string",
            "description": "Whether this is the object that the manager follows; there is one in a cluster",
            "jsonPath": ".status.served"
          },
          {
            "name": "Domain",
            "type": "string",
            "description": "The domain that is in use",
            "jsonPath": ".status.domainName"
          },
          {
            "name": "Version",
            "type": "string",
            "description": "The release of the manager that wrote the status",
            "jsonPath": ".status.version"
          },
          {
            "name": "Age",
            "type": "date",
            "jsonPath": ".metadata.creationTimestamp"
          },
          {
            "name": "Message",
            "type": "string",
            "description": "What is missing, or that nothing is",
            "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message",
            "priority": 1
          }
        ],
        "schema": {
          "openAPIV3Schema": {
            "description": "Installs the Application Connector and says how it is configured. One object, in the namespace kyma-system, is followed; what it leaves out has the default of its field.",
            "type": "object",
            "properties": {
              "apiVersion": {
                "description": "The group and version of this object's schema.",
                "type": "string"
              },
              "kind": {
                "description": "The kind of this object, ApplicationConnector.",
                "type": "string"
              },
              "metadata": {
                "type": "object"
              },
              "spec": {
                "description": "What is installed, and how.",
                "type": "object",
                "default": {},
                "properties": {
                  "domainName": {
                    "description": "Domain of the cluster, below which external systems reach it. Left out, the ConfigMap kube-system/shoot-info names it.",
                    "type": "string",
                    "maxLength": 253,
                    "x-kubernetes-validations": [
                      {
                        "rule": "self == '' || self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                        "message": "must be a domain in lower case, such as example.com"
                      }
                    ]
                  },
                  "gateway": {
                    "description": "The Application Gateway, through which workloads call external systems.",
                    "type": "object",
                    "default": {},
                    "properties": {
                      "proxyTimeout": {
                        "description": "How long an external system has to answer, as a duration such as 10s; whole seconds, rounded up.",
                        "type": "string",
                        "default": "10s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "requestTimeout": {
                        "description": "How long a workload's whole call may take, as a duration such as 10s; whole seconds, rounded up.",
                        "type": "string",
                        "default": "10s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "logLevel": {
                        "description": "Least severe lines that are logged.",
                        "type": "string",
                        "default": "info",
                        "enum": [
                          "debug",
                          "panic",
                          "fatal",
                          "error",
                          "warn",
                          "info"
                        ]
                      },
                      "scaling": {
                        "description": "How many replicas there are, depending on their load.",
                        "type": "object",
                        "properties": {
                          "minReplicas": {
                            "description": "Fewest replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "maxReplicas": {
                            "description": "Most replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "targetCPUUtilization": {
                            "description": "Load at which replicas are added, in percent of the CPU that they request.",
                            "type": "integer",
                            "format": "int32",
                            "default": 80,
                            "minimum": 1
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
                            "message": "minReplicas must not be more than maxReplicas"
                          }
                        ]
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      },
                      "allowedNamespaces": {
                        "description": "Labels of the namespaces whose workloads may call the gateway. Left out, all may.",
                        "type": "object",
                        "x-kubernetes-map-type": "atomic",
                        "properties": {
                          "matchLabels": {
                            "description": "Labels that a namespace must have.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "The label's value.",
                              "type": "string"
                            }
                          },
                          "matchExpressions": {
                            "description": "Further requirements; all of them must hold.",
                            "type": "array",
                            "x-kubernetes-list-type": "atomic",
                            "items": {
                              "description": "A requirement on one label.",
                              "type": "object",
                              "required": [
                                "key",
                                "operator"
                              ],
                              "properties": {
                                "key": {
                                  "description": "The label's name.",
                                  "type": "string"
                                },
                                "operator": {
                                  "description": "How the label's value relates to the values.",
                                  "type": "string",
                                  "enum": [
                                    "In",
                                    "NotIn",
                                    "Exists",
                                    "DoesNotExist"
                                  ]
                                },
                                "values": {
                                  "description": "Values for In and NotIn.",
                                  "type": "array",
                                  "x-kubernetes-list-type": "atomic",
                                  "items": {
                                    "description": "One of the values.",
                                    "type": "string"
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  },
                  "validator": {
                    "description": "The Connectivity Validator, through which external systems send events.",
                    "type": "object",
                    "default": {},
                    "properties": {
                      "logLevel": {
                        "description": "Least severe lines that are logged.",
                        "type": "string",
                        "default": "info",
                        "enum": [
                          "debug",
                          "panic",
                          "fatal",
                          "error",
                          "warn",
                          "info"
                        ]
                      },
                      "logFormat": {
                        "description": "How log lines look.",
                        "type": "string",
                        "default": "json",
                        "enum": [
                          "json",
                          "text"
                        ]
                      },
                      "securityProfile": {
                        "description": "strict, or compat: what Kyma's validator lets through. Left out, the manager's configuration decides, which is strict unless somebody changed it.",
                        "type": "string",
                        "enum": [
                          "strict",
                          "compat"
                        ]
                      },
                      "scaling": {
                        "description": "How many replicas there are, depending on their load.",
                        "type": "object",
                        "properties": {
                          "minReplicas": {
                            "description": "Fewest replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "maxReplicas": {
                            "description": "Most replicas.",
                            "type": "integer",
                            "format": "int32",
                            "default": 2,
                            "minimum": 1
                          },
                          "targetCPUUtilization": {
                            "description": "Load at which replicas are added, in percent of the CPU that they request.",
                            "type": "integer",
                            "format": "int32",
                            "default": 80,
                            "minimum": 1
                          }
                        },
                        "x-kubernetes-validations": [
                          {
                            "rule": "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
                            "message": "minReplicas must not be more than maxReplicas"
                          }
                        ]
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      }
                    }
                  },
                  "runtimeAgent": {
                    "description": "The Runtime Agent, which mirrors the formation of the cluster in the Unified Customer Landscape (UCL).",
                    "type": "object",
                    "properties": {
                      "enabled": {
                        "description": "Whether the agent runs. Auto: as soon as the Secret kyma-system/compass-agent-configuration says how to reach UCL.",
                        "type": "string",
                        "default": "Auto",
                        "enum": [
                          "Auto",
                          "Always",
                          "Never"
                        ]
                      },
                      "controllerSyncPeriod": {
                        "description": "How often the formation is mirrored, as a duration.",
                        "type": "string",
                        "default": "180s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "minimalConfigSyncTime": {
                        "description": "Least time between two rounds of calls to UCL, as a duration.",
                        "type": "string",
                        "default": "15s",
                        "maxLength": 32,
                        "x-kubernetes-validations": [
                          {
                            "rule": "self.matches('^[+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|ms|s|m|h))+$') && duration(self) > duration('0s') && duration(self) <= duration('24h')",
                            "message": "must be a duration such as 10s or 1m30s, more than 0s and at most 24h"
                          }
                        ]
                      },
                      "certValidityRenewalThreshold": {
                        "description": "The client certificate is renewed when less than this share of its validity is left.",
                        "type": "number",
                        "default": 0.3,
                        "minimum": 0,
                        "maximum": 1
                      },
                      "skipCompassTLSVerify": {
                        "description": "Whether any server certificate of UCL is accepted.",
                        "type": "boolean",
                        "default": false
                      },
                      "resources": {
                        "description": "CPU and memory of each replica. What is left out has the default of the component.",
                        "type": "object",
                        "properties": {
                          "requests": {
                            "description": "What is set aside for a replica.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          },
                          "limits": {
                            "description": "The most that a replica gets.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "A quantity such as 20m or 64Mi.",
                              "pattern": "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$",
                              "x-kubernetes-int-or-string": true
                            }
                          }
                        }
                      }
                    }
                  },
                  "ingress": {
                    "description": "How external systems reach the validator.",
                    "type": "object",
                    "properties": {
                      "mode": {
                        "description": "Istio: its Gateway and VirtualService. GatewayAPI: Gateway and HTTPRoute of gateway.networking.k8s.io. BuiltIn: the validator's own port for mutual TLS. None: somebody else's business.",
                        "type": "string",
                        "default": "Istio",
                        "enum": [
                          "Istio",
                          "GatewayAPI",
                          "BuiltIn",
                          "None"
                        ]
                      },
                      "hostPrefix": {
                        "description": "What stands before the domain in the name of the host.",
                        "type": "string",
                        "default": "gateway",
                        "maxLength": 63,
                        "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
                      },
                      "credentialName": {
                        "description": "Secret with the server's certificate and key; the authorities of clients are in the one whose name ends in -cacert.",
                        "type": "string",
                        "default": "kyma-gateway-certs",
                        "maxLength": 240,
                        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
                      },
                      "istio": {
                        "description": "For the mode Istio.",
                        "type": "object",
                        "properties": {
                          "selector": {
                            "description": "Labels of the pods that are the Istio ingress gateway. Left out: istio: ingressgateway.",
                            "type": "object",
                            "additionalProperties": {
                              "description": "The label's value.",
                              "type": "string"
                            }
                          }
                        }
                      },
                      "gatewayAPI": {
                        "description": "For the mode GatewayAPI.",
                        "type": "object",
                        "properties": {
                          "className": {
                            "description": "Class of the Gateway, for the mode GatewayAPI.",
                            "type": "string",
                            "maxLength": 253,
                            "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
                          }
                        }
                      },
                      "builtIn": {
                        "description": "For the mode BuiltIn.",
                        "type": "object",
                        "default": {},
                        "properties": {
                          "serviceType": {
                            "description": "Type of the Service for mutual TLS, for the mode BuiltIn.",
                            "type": "string",
                            "default": "LoadBalancer",
                            "enum": [
                              "ClusterIP",
                              "NodePort",
                              "LoadBalancer"
                            ]
                          }
                        }
                      }
                    }
                  },
                  "networkPolicies": {
                    "description": "NetworkPolicies of the components.",
                    "type": "object",
                    "properties": {
                      "mode": {
                        "description": "Disabled: none. Allow: what the components need is allowed. DefaultDeny: and nothing else. Left out: none.",
                        "type": "string",
                        "enum": [
                          "Disabled",
                          "Allow",
                          "DefaultDeny"
                        ]
                      },
                      "externalCIDRs": {
                        "description": "Networks of the external systems. Left out, components may call any.",
                        "type": "array",
                        "maxItems": 100,
                        "x-kubernetes-list-type": "set",
                        "items": {
                          "description": "A network, such as 203.0.113.0/24.",
                          "type": "string",
                          "maxLength": 43,
                          "pattern": "^[0-9a-fA-F.:]+/[0-9]{1,3}$"
                        }
                      },
                      "apiServerPorts": {
                        "description": "Ports of the Kubernetes API. Left out, 443 and 6443.",
                        "type": "array",
                        "maxItems": 16,
                        "x-kubernetes-list-type": "set",
                        "items": {
                          "description": "A port.",
                          "type": "integer",
                          "format": "int32",
                          "minimum": 1,
                          "maximum": 65535
                        }
                      }
                    }
                  },
                  "deletionPolicy": {
                    "description": "What happens when this object is deleted. Block: nothing as long as there are Applications. Retain: everything goes but the definitions of Applications and connections, and they themselves. Cascade: everything goes.",
                    "type": "string",
                    "default": "Block",
                    "enum": [
                      "Block",
                      "Retain",
                      "Cascade"
                    ]
                  }
                }
              },
              "status": {
                "description": "What is known of the installation. Written by the manager.",
                "type": "object",
                "required": [
                  "served",
                  "state"
                ],
                "properties": {
                  "state": {
                    "description": "Ready, Processing, Warning (it runs, but somebody has to act), Error or Deleting.",
                    "type": "string"
                  },
                  "served": {
                    "description": "Whether this is the object that the manager follows, True or False.",
                    "type": "string"
                  },
                  "observedGeneration": {
                    "description": "The metadata.generation that the status speaks of.",
                    "type": "integer",
                    "format": "int64",
                    "minimum": 0
                  },
                  "domainName": {
                    "description": "The domain that is in use.",
                    "type": "string"
                  },
                  "ingressHost": {
                    "description": "The host at which external systems reach the validator.",
                    "type": "string"
                  },
                  "version": {
                    "description": "The release of the manager that wrote the status.",
                    "type": "string"
                  },
                  "components": {
                    "description": "What is installed, and how it is.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "name"
                    ],
                    "items": {
                      "description": "One of the programs that are installed.",
                      "type": "object",
                      "required": [
                        "name"
                      ],
                      "properties": {
                        "name": {
                          "description": "Name of the Deployment.",
                          "type": "string"
                        },
                        "image": {
                          "description": "Image that it runs.",
                          "type": "string"
                        },
                        "desired": {
                          "description": "How many replicas there should be.",
                          "type": "integer",
                          "format": "int32"
                        },
                        "ready": {
                          "description": "How many replicas are ready.",
                          "type": "integer",
                          "format": "int32"
                        },
                        "state": {
                          "description": "Ready, Progressing, Unavailable, Stalled, Missing or NotConfigured.",
                          "type": "string"
                        }
                      }
                    }
                  },
                  "conditions": {
                    "description": "The latest observations of the installation, one for each type.",
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": [
                      "type"
                    ],
                    "items": {
                      "description": "One observation of one aspect of the installation.",
                      "type": "object",
                      "required": [
                        "lastTransitionTime",
                        "message",
                        "reason",
                        "status",
                        "type"
                      ],
                      "properties": {
                        "type": {
                          "description": "The aspect observed, such as Installed or Ready.",
                          "type": "string",
                          "maxLength": 316,
                          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
                        },
                        "status": {
                          "description": "Whether the aspect holds, does not hold, or cannot be known.",
                          "type": "string",
                          "enum": [
                            "True",
                            "False",
                            "Unknown"
                          ]
                        },
                        "observedGeneration": {
                          "description": "The metadata.generation the observation was made on.",
                          "type": "integer",
                          "format": "int64",
                          "minimum": 0
                        },
                        "lastTransitionTime": {
                          "description": "When the status of this condition last changed.",
                          "type": "string",
                          "format": "date-time"
                        },
                        "reason": {
                          "description": "Why the condition has this status, in one CamelCase word for programs.",
                          "type": "string",
                          "minLength": 1,
                          "maxLength": 1024,
                          "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
                        },
                        "message": {
                          "description": "Why the condition has this status, in a sentence for people.",
                          "type": "string",
                          "maxLength": 32768
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    ]
  }
};

/** All manifests of this package. */
export const customResourceDefinitions: readonly CustomResourceDefinition[] = [applicationsDefinition, compassconnectionsDefinition, applicationconnectorsDefinition];

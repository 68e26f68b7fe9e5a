// Generated from charts/application-connector by services/connector-manager/tools/generate-bundle.ts. Do not edit.
// Made from sha256:54078de5fa5e0faff9b442b95f825ea4fb4d898aea0a5e99953e74a86012977c.
import type { BundleEntry } from "../render.ts";
import type { BundleSettings } from "../settings.ts";

/** What the chart's values.yaml says. */
export const defaultSettings: BundleSettings = {
 "namespace": "kyma-system",
 "domainName": "",
 "ingress": {
  "mode": "Istio",
  "hostPrefix": "gateway",
  "credentialName": "kyma-gateway-certs",
  "selector": {
   "istio": "ingressgateway"
  },
  "gatewayClassName": "",
  "serviceType": "LoadBalancer"
 },
 "istio": {
  "networkingVersion": "v1",
  "securityVersion": "v1"
 },
 "networkPolicies": {
  "mode": "Disabled",
  "externalCIDRs": [],
  "apiServerPorts": []
 },
 "gateway": {
  "image": "application-connector/application-gateway:0.1.0",
  "logLevel": "info",
  "proxyTimeoutSeconds": 10,
  "requestTimeoutSeconds": 10,
  "scaling": {
   "minReplicas": 2,
   "maxReplicas": 2,
   "targetCPUUtilization": 80
  },
  "resources": {
   "requests": {
    "cpu": "20m",
    "memory": "64Mi"
   },
   "limits": {
    "cpu": "500m",
    "memory": "128Mi"
   }
  }
 },
 "validator": {
  "image": "application-connector/connectivity-validator:0.1.0",
  "logLevel": "info",
  "logFormat": "json",
  "securityProfile": "strict",
  "scaling": {
   "minReplicas": 2,
   "maxReplicas": 2,
   "targetCPUUtilization": 80
  },
  "resources": {
   "requests": {
    "cpu": "20m",
    "memory": "64Mi"
   },
   "limits": {
    "cpu": "500m",
    "memory": "128Mi"
   }
  }
 },
 "agent": {
  "image": "application-connector/runtime-agent:0.1.0",
  "replicas": 1,
  "configurationHash": "",
  "controllerSyncPeriod": "180s",
  "minimalConfigSyncTime": "15s",
  "certValidityRenewalThreshold": "0.3",
  "skipCompassTLSVerify": false,
  "resources": {}
 },
 "imagePullPolicy": "IfNotPresent",
 "imagePullSecrets": [],
 "priorityClassValue": 2000000
};

export const bundle: readonly BundleEntry[] = [
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "scheduling.k8s.io/v1",
   "kind": "PriorityClass",
   "metadata": {
    "name": "compass-runtime-agent-priority-class",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "value": "@{priorityClassValue}",
   "globalDefault": false,
   "description": "Scheduling priority of compass-runtime-agent. By default it should not be blocked by unschedulable user workloads."
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "scheduling.k8s.io/v1",
   "kind": "PriorityClass",
   "metadata": {
    "name": "central-application-gateway-priority-class",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "value": "@{priorityClassValue}",
   "globalDefault": false,
   "description": "Scheduling priority of central-application-gateway. By default it should not be blocked by unschedulable user workloads."
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "scheduling.k8s.io/v1",
   "kind": "PriorityClass",
   "metadata": {
    "name": "central-application-connectivity-validator-priority-class",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "value": "@{priorityClassValue}",
   "globalDefault": false,
   "description": "Scheduling priority of central-application-connectivity-validator. By default it should not be blocked by unschedulable user workloads."
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "networkPolicies": [
    "Disabled"
   ],
   "allowedNamespaces": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allowed-namespaces",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": "@{gateway.allowedNamespaces.selector}"
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       },
       {
        "port": 8082,
        "protocol": "TCP"
       }
      ]
     },
     {
      "ports": [
       {
        "port": 8081,
        "protocol": "TCP"
       }
      ]
     },
     {
      "ports": [
       {
        "port": 15021,
        "protocol": "TCP"
       },
       {
        "port": 15090,
        "protocol": "TCP"
       },
       {
        "port": 15020,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {},
  "needs": [
   "gateway.minAvailable"
  ],
  "object": {
   "apiVersion": "policy/v1",
   "kind": "PodDisruptionBudget",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "minAvailable": "@{gateway.minAvailable}",
    "selector": {
     "matchLabels": {
      "app": "central-application-gateway",
      "release": "application-connector"
     }
    }
   }
  }
 },
 {
  "when": {},
  "needs": [
   "validator.minAvailable"
  ],
  "object": {
   "apiVersion": "policy/v1",
   "kind": "PodDisruptionBudget",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "minAvailable": "@{validator.minAvailable}",
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator",
      "release": "application-connector"
     }
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "ServiceAccount",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "app": "compass-runtime-agent",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/part-of": "application-connector-manager",
     "kyma-project.io/module": "application-connector"
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "ServiceAccount",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "ServiceAccount",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "ConfigMap",
   "metadata": {
    "name": "skr-configmap",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "data": {
    "is-managed-kyma-runtime": "true"
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRole",
   "metadata": {
    "name": "compass-runtime-agent",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "compass.kyma-project.io"
     ],
     "resources": [
      "compassconnections"
     ],
     "verbs": [
      "get",
      "list",
      "watch",
      "create",
      "update"
     ]
    },
    {
     "apiGroups": [
      "applicationconnector.kyma-project.io"
     ],
     "resources": [
      "applications"
     ],
     "verbs": [
      "get",
      "list",
      "watch",
      "create",
      "update",
      "patch",
      "delete"
     ]
    },
    {
     "apiGroups": [
      "applicationconnector.kyma-project.io"
     ],
     "resources": [
      "applications/status"
     ],
     "verbs": [
      "patch"
     ]
    },
    {
     "apiGroups": [
      ""
     ],
     "resources": [
      "nodes",
      "persistentvolumes"
     ],
     "verbs": [
      "list"
     ]
    },
    {
     "apiGroups": [
      "metrics.k8s.io"
     ],
     "resources": [
      "nodes"
     ],
     "verbs": [
      "list"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRole",
   "metadata": {
    "name": "central-application-gateway-role",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "applicationconnector.kyma-project.io"
     ],
     "resources": [
      "applications"
     ],
     "verbs": [
      "get",
      "list",
      "watch"
     ]
    },
    {
     "apiGroups": [
      "applicationconnector.kyma-project.io"
     ],
     "resources": [
      "applications/status"
     ],
     "verbs": [
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRole",
   "metadata": {
    "name": "central-application-connectivity-validator-role",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "applicationconnector.kyma-project.io"
     ],
     "resources": [
      "applications"
     ],
     "verbs": [
      "get",
      "list",
      "watch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRoleBinding",
   "metadata": {
    "name": "compass-runtime-agent",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "ClusterRole",
    "name": "compass-runtime-agent"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "compass-runtime-agent",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRoleBinding",
   "metadata": {
    "name": "central-application-gateway-rolebinding",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "ClusterRole",
    "name": "central-application-gateway-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "central-application-gateway",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "ClusterRoleBinding",
   "metadata": {
    "name": "central-application-connectivity-validator-rolebinding",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "ClusterRole",
    "name": "central-application-connectivity-validator-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "central-application-connectivity-validator",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "resources": [
      "secrets"
     ],
     "verbs": [
      "get",
      "list",
      "watch",
      "create",
      "update",
      "patch",
      "delete"
     ]
    },
    {
     "apiGroups": [
      "coordination.k8s.io"
     ],
     "resources": [
      "leases"
     ],
     "verbs": [
      "get",
      "create",
      "update"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "compass-runtime-agent-client-cert-role",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "resourceNames": [
      "cluster-client-certificates"
     ],
     "resources": [
      "secrets"
     ],
     "verbs": [
      "get",
      "list",
      "watch",
      "update",
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "compass-runtime-agent-ca-cert-role",
    "namespace": "istio-system",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "resources": [
      "secrets"
     ],
     "verbs": [
      "create"
     ]
    },
    {
     "apiGroups": [
      ""
     ],
     "resourceNames": [
      "@{ingress.credentialName}-cacert"
     ],
     "resources": [
      "secrets"
     ],
     "verbs": [
      "get",
      "list",
      "watch",
      "update",
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "compass-runtime-agent-events-role",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "events.k8s.io"
     ],
     "resources": [
      "events"
     ],
     "verbs": [
      "create",
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "central-application-gateway-secrets-role",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      ""
     ],
     "resources": [
      "secrets"
     ],
     "verbs": [
      "get",
      "list",
      "watch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "central-application-gateway-events-role",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "events.k8s.io"
     ],
     "resources": [
      "events"
     ],
     "verbs": [
      "create",
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "Role",
   "metadata": {
    "name": "central-application-connectivity-validator-events-role",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "rules": [
    {
     "apiGroups": [
      "events.k8s.io"
     ],
     "resources": [
      "events"
     ],
     "verbs": [
      "create",
      "patch"
     ]
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "compass-runtime-agent"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "compass-runtime-agent",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "compass-runtime-agent-client-cert-rolebinding",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "compass-runtime-agent-client-cert-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "compass-runtime-agent",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "compass-runtime-agent-ca-cert-rolebinding",
    "namespace": "istio-system",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "compass-runtime-agent",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "compass-runtime-agent-ca-cert-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "compass-runtime-agent",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "compass-runtime-agent-events-rolebinding",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "compass-runtime-agent-events-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "compass-runtime-agent",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "central-application-gateway-secrets-rolebinding",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "central-application-gateway-secrets-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "central-application-gateway",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "central-application-gateway-events-rolebinding",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "central-application-gateway-events-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "central-application-gateway",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "rbac.authorization.k8s.io/v1",
   "kind": "RoleBinding",
   "metadata": {
    "name": "central-application-connectivity-validator-events-rolebinding",
    "namespace": "default",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "roleRef": {
    "apiGroup": "rbac.authorization.k8s.io",
    "kind": "Role",
    "name": "central-application-connectivity-validator-events-role"
   },
   "subjects": [
    {
     "kind": "ServiceAccount",
     "name": "central-application-connectivity-validator",
     "namespace": "@{namespace}"
    }
   ]
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "Service",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "application": "central-application-gateway",
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "type": "ClusterIP",
    "ports": [
     {
      "name": "http-api-port",
      "port": 8081,
      "protocol": "TCP"
     },
     {
      "name": "http-proxy",
      "port": 8080,
      "protocol": "TCP"
     },
     {
      "name": "http-proxy-mps",
      "port": 8082,
      "protocol": "TCP"
     }
    ],
    "selector": {
     "app": "central-application-gateway",
     "release": "application-connector"
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "Service",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "application": "central-application-connectivity-validator",
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "type": "ClusterIP",
    "ports": [
     {
      "name": "http-api-port",
      "port": 8081,
      "protocol": "TCP"
     },
     {
      "name": "http-proxy",
      "port": 8080,
      "protocol": "TCP"
     }
    ],
    "selector": {
     "app": "central-application-connectivity-validator",
     "release": "application-connector"
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "replicas": "@{agent.replicas}",
    "selector": {
     "matchLabels": {
      "app": "compass-runtime-agent",
      "release": "compass-runtime-agent"
     }
    },
    "template": {
     "metadata": {
      "annotations": {
       "operator.kyma-project.io/agent-configuration-hash": "@{agent.configurationHash}",
       "sidecar.istio.io/inject": "true"
      },
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "compass-runtime-agent",
       "release": "compass-runtime-agent"
      }
     },
     "spec": {
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "compass-runtime-agent",
      "priorityClassName": "compass-runtime-agent-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 65535,
       "runAsGroup": 65535,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "compass-runtime-agent",
        "image": "@{agent.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "env": [
         {
          "name": "APP_AGENT_CONFIGURATION_SECRET",
          "value": "@{namespace}/compass-agent-configuration"
         },
         {
          "name": "APP_CONTROLLER_SYNC_PERIOD",
          "value": "@{agent.controllerSyncPeriod}"
         },
         {
          "name": "APP_MINIMAL_COMPASS_SYNC_TIME",
          "value": "@{agent.minimalConfigSyncTime}"
         },
         {
          "name": "APP_CERT_VALIDITY_RENEWAL_THRESHOLD",
          "value": "@{agent.certValidityRenewalThreshold}"
         },
         {
          "name": "APP_CLUSTER_CERTIFICATES_SECRET",
          "value": "@{namespace}/cluster-client-certificates"
         },
         {
          "name": "APP_CA_CERTIFICATES_SECRET",
          "value": "istio-system/@{ingress.credentialName}-cacert"
         },
         {
          "name": "APP_SKIP_COMPASS_TLS_VERIFY",
          "value": "@{=agent.skipCompassTLSVerify}"
         },
         {
          "name": "APP_SKIP_APPS_TLS_VERIFY",
          "value": "false"
         },
         {
          "name": "APP_GATEWAY_PORT",
          "value": "8080"
         },
         {
          "name": "APP_UPLOAD_SERVICE_URL"
         },
         {
          "name": "APP_QUERY_LOGGING",
          "value": "false"
         },
         {
          "name": "APP_METRICS_LOGGING_TIME_INTERVAL",
          "value": "30m"
         },
         {
          "name": "APP_RUNTIME_EVENTS_URL",
          "value": "https://@{ingress.hostPrefix}.@{domainName}"
         },
         {
          "name": "APP_RUNTIME_CONSOLE_URL",
          "value": "https://console.@{domainName}"
         },
         {
          "name": "APP_HEALTH_PORT",
          "value": "8090"
         },
         {
          "name": "APP_CENTRAL_GATEWAY_SERVICE_URL",
          "value": "http://central-application-gateway.@{namespace}.svc.cluster.local:8082"
         },
         {
          "name": "APP_INTEGRATION_NAMESPACE",
          "value": "@{namespace}"
         },
         {
          "name": "APP_LEASE_NAMESPACE",
          "value": "@{namespace}"
         },
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "25s"
         }
        ],
        "ports": [
         {
          "name": "http-health",
          "containerPort": 8090
         },
         {
          "name": "http-metrics",
          "containerPort": 8080
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8090
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 2,
         "timeoutSeconds": 1
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/healthz",
          "port": 8090
         },
         "initialDelaySeconds": 50,
         "periodSeconds": 10,
         "timeoutSeconds": 1
        },
        "resources": "@{agent.resources}",
        "securityContext": {
         "runAsUser": 65535,
         "runAsGroup": 65535,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "64Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "strategy": {
     "type": "RollingUpdate",
     "rollingUpdate": {
      "maxUnavailable": 0,
      "maxSurge": 1
     }
    },
    "selector": {
     "matchLabels": {
      "app": "central-application-gateway",
      "release": "application-connector"
     }
    },
    "template": {
     "metadata": {
      "annotations": {
       "sidecar.istio.io/inject": "true"
      },
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "central-application-gateway",
       "app.kubernetes.io/part-of": "application-connector-manager",
       "release": "application-connector"
      }
     },
     "spec": {
      "topologySpreadConstraints": [
       {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-gateway"
         }
        }
       },
       {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-gateway"
         }
        }
       }
      ],
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "central-application-gateway",
      "priorityClassName": "central-application-gateway-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 1000,
       "runAsGroup": 1000,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "central-application-gateway",
        "image": "@{gateway.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "args": [
         "--proxyPort=8080",
         "--proxyPortCompass=8082",
         "--externalAPIPort=8081",
         "--logLevel=@{gateway.logLevel}",
         "--applicationSecretsNamespace=@{namespace}",
         "--requestTimeout=@{gateway.requestTimeoutSeconds}",
         "--proxyTimeout=@{gateway.proxyTimeoutSeconds}",
         "--proxyCacheTTL=120"
        ],
        "env": [
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "20"
         }
        ],
        "ports": [
         {
          "name": "http-proxy",
          "containerPort": 8080
         },
         {
          "name": "http-proxy-mps",
          "containerPort": 8082
         },
         {
          "name": "http-api-port",
          "containerPort": 8081
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8081
         },
         "initialDelaySeconds": 5,
         "periodSeconds": 5
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/v1/health",
          "port": 8081
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 10
        },
        "lifecycle": {
         "preStop": {
          "sleep": {
           "seconds": 5
          }
         }
        },
        "resources": "@{gateway.resources}",
        "securityContext": {
         "runAsUser": 1000,
         "runAsGroup": 1000,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "320Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "strategy": {
     "type": "RollingUpdate",
     "rollingUpdate": {
      "maxUnavailable": 0,
      "maxSurge": 1
     }
    },
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator",
      "release": "application-connector"
     }
    },
    "template": {
     "metadata": {
      "annotations": {
       "sidecar.istio.io/inject": "true"
      },
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "central-application-connectivity-validator",
       "app.kubernetes.io/part-of": "application-connector-manager",
       "release": "application-connector"
      }
     },
     "spec": {
      "topologySpreadConstraints": [
       {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       },
       {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       }
      ],
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "central-application-connectivity-validator",
      "priorityClassName": "central-application-connectivity-validator-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 1000,
       "runAsGroup": 1000,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "central-application-connectivity-validator",
        "image": "@{validator.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "args": [
         "--proxyPort=8080",
         "--externalAPIPort=8081",
         "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
         "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
         "--eventingPublisherHost=eventing-publisher-proxy.kyma-system",
         "--eventingDestinationPath=/publish",
         "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
         "--appNamePlaceholder=%%APP_NAME%%"
        ],
        "env": [
         {
          "name": "APP_LOG_FORMAT",
          "value": "@{validator.logFormat}"
         },
         {
          "name": "APP_LOG_LEVEL",
          "value": "@{validator.logLevel}"
         },
         {
          "name": "APP_SECURITY_PROFILE",
          "value": "@{validator.securityProfile}"
         },
         {
          "name": "APP_DRAIN_DELAY",
          "value": "0s"
         },
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "20s"
         }
        ],
        "ports": [
         {
          "name": "http-proxy",
          "containerPort": 8080
         },
         {
          "name": "http-api-port",
          "containerPort": 8081
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8081
         },
         "initialDelaySeconds": 5,
         "periodSeconds": 5
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/v1/health",
          "port": 8081
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 10
        },
        "lifecycle": {
         "preStop": {
          "sleep": {
           "seconds": 5
          }
         }
        },
        "resources": "@{validator.resources}",
        "securityContext": {
         "runAsUser": 1000,
         "runAsGroup": 1000,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "64Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "autoscaling/v2",
   "kind": "HorizontalPodAutoscaler",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "minReplicas": "@{gateway.scaling.minReplicas}",
    "maxReplicas": "@{gateway.scaling.maxReplicas}",
    "scaleTargetRef": {
     "apiVersion": "apps/v1",
     "kind": "Deployment",
     "name": "central-application-gateway"
    },
    "metrics": [
     {
      "type": "Resource",
      "resource": {
       "name": "cpu",
       "target": {
        "type": "Utilization",
        "averageUtilization": "@{gateway.scaling.targetCPUUtilization}"
       }
      }
     }
    ]
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "autoscaling/v2",
   "kind": "HorizontalPodAutoscaler",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "minReplicas": "@{validator.scaling.minReplicas}",
    "maxReplicas": "@{validator.scaling.maxReplicas}",
    "scaleTargetRef": {
     "apiVersion": "apps/v1",
     "kind": "Deployment",
     "name": "central-application-connectivity-validator"
    },
    "metrics": [
     {
      "type": "Resource",
      "resource": {
       "name": "cpu",
       "target": {
        "type": "Utilization",
        "averageUtilization": "@{validator.scaling.targetCPUUtilization}"
       }
      }
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "istio.securityVersion"
  ],
  "object": {
   "apiVersion": "security.istio.io/@{istio.securityVersion}",
   "kind": "AuthorizationPolicy",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "action": "ALLOW",
    "rules": [
     {
      "from": [
       {
        "source": {
         "principals": [
          "*/ns/istio-system/sa/istio-ingressgateway-service-account"
         ]
        }
       }
      ],
      "to": [
       {
        "operation": {
         "ports": [
          "8080"
         ]
        }
       }
      ]
     },
     {
      "to": [
       {
        "operation": {
         "ports": [
          "8081"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "allowedNamespaces": [
    true
   ]
  },
  "needs": [
   "istio.securityVersion"
  ],
  "object": {
   "apiVersion": "security.istio.io/@{istio.securityVersion}",
   "kind": "AuthorizationPolicy",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "selector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "action": "ALLOW",
    "rules": [
     {
      "from": [
       {
        "source": {
         "namespaces": [
          "@{namespace}",
          "@{*gateway.allowedNamespaces.names}"
         ]
        }
       }
      ],
      "to": [
       {
        "operation": {
         "ports": [
          "8080",
          "8082"
         ]
        }
       }
      ]
     },
     {
      "to": [
       {
        "operation": {
         "ports": [
          "8081"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "domainName"
  ],
  "object": {
   "apiVersion": "networking.istio.io/@{istio.networkingVersion}",
   "kind": "Gateway",
   "metadata": {
    "name": "kyma-gateway-application-connector",
    "namespace": "@{namespace}",
    "labels": {
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/name": "application-connector-gateway",
     "app.kubernetes.io/part-of": "application-connector-manager",
     "kyma-project.io/module": "application-connector",
     "release": "application-connector"
    }
   },
   "spec": {
    "selector": "@{ingress.selector}",
    "servers": [
     {
      "hosts": [
       "@{ingress.hostPrefix}.@{domainName}"
      ],
      "port": {
       "name": "https-app-connector",
       "number": 443,
       "protocol": "HTTPS"
      },
      "tls": {
       "mode": "MUTUAL",
       "credentialName": "@{ingress.credentialName}"
      }
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "istio.securityVersion"
  ],
  "object": {
   "apiVersion": "security.istio.io/@{istio.securityVersion}",
   "kind": "PeerAuthentication",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "selector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "mtls": {
     "mode": "STRICT"
    },
    "portLevelMtls": {
     "8081": {
      "mode": "PERMISSIVE"
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "istio.securityVersion"
  ],
  "object": {
   "apiVersion": "security.istio.io/@{istio.securityVersion}",
   "kind": "PeerAuthentication",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "mtls": {
     "mode": "STRICT"
    },
    "portLevelMtls": {
     "8081": {
      "mode": "PERMISSIVE"
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "istio.securityVersion"
  ],
  "object": {
   "apiVersion": "security.istio.io/@{istio.securityVersion}",
   "kind": "PeerAuthentication",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "selector": {
     "matchLabels": {
      "app": "compass-runtime-agent"
     }
    },
    "mtls": {
     "mode": "STRICT"
    },
    "portLevelMtls": {
     "8080": {
      "mode": "PERMISSIVE"
     },
     "8090": {
      "mode": "PERMISSIVE"
     }
    }
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "admissionregistration.k8s.io/v1",
   "kind": "ValidatingAdmissionPolicy",
   "metadata": {
    "name": "application-connector-applications",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "failurePolicy": "Ignore",
    "matchConstraints": {
     "matchPolicy": "Equivalent",
     "namespaceSelector": {},
     "objectSelector": {},
     "resourceRules": [
      {
       "apiGroups": [
        "applicationconnector.kyma-project.io"
       ],
       "apiVersions": [
        "*"
       ],
       "operations": [
        "CREATE",
        "UPDATE"
       ],
       "resources": [
        "applications"
       ],
       "scope": "*"
      }
     ]
    },
    "variables": [
     {
      "name": "services",
      "expression": "has(object.spec) && has(object.spec.services) ? object.spec.services : []"
     }
    ],
    "validations": [
     {
      "expression": "variables.services.all(s, s.entries.all(e, e.type != 'API' || (has(e.targetUrl) && e.targetUrl != '')))",
      "message": "an entry of type API has no targetUrl, so that it cannot be called"
     },
     {
      "expression": "variables.services.size() > 100 || variables.services.all(s, variables.services.exists_one(t, t.name == s.name))",
      "message": "two services have the same name"
     },
     {
      "expression": "variables.services.size() > 100 || variables.services.all(s, variables.services.exists_one(t, t.displayName.lowerAscii().replace(' ', '-').replace('_', '-') == s.displayName.lowerAscii().replace(' ', '-').replace('_', '-')))",
      "message": "two services have display names that are the same in a path of the gateway, where neither can be called then"
     },
     {
      "expression": "variables.services.all(s, s.entries.all(e, !has(e.credentials) || e.credentials.type in ['Basic','OAuth','OAuthWithCert','CertificateGen','ApiKey','Bearer','HmacSignature','PrivateKeySignature','AwsSigV4','OAuthPrivateKeyJwt','OAuthClientSecretJwt','OAuthPassword','OAuthRefreshToken','OAuthJwtBearer','OAuthSamlBearer','OAuthTokenExchange']))",
      "message": "credentials have a type that the gateway does not know"
     }
    ]
   }
  }
 },
 {
  "when": {},
  "needs": [],
  "object": {
   "apiVersion": "admissionregistration.k8s.io/v1",
   "kind": "ValidatingAdmissionPolicyBinding",
   "metadata": {
    "name": "application-connector-applications",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "policyName": "application-connector-applications",
    "validationActions": [
     "Warn"
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ]
  },
  "needs": [
   "domainName"
  ],
  "object": {
   "apiVersion": "networking.istio.io/@{istio.networkingVersion}",
   "kind": "VirtualService",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "gateways": [
     "@{namespace}/kyma-gateway-application-connector"
    ],
    "hosts": [
     "@{ingress.hostPrefix}.@{domainName}"
    ],
    "http": [
     {
      "match": [
       {
        "uri": {
         "regex": "^/[^/]+/v1/metadata(/|/.*)?"
        }
       },
       {
        "uri": {
         "regex": "^/[^/]+/v1/events(/|/.*)?"
        }
       },
       {
        "uri": {
         "regex": "^/[^/]+/v2/events(/|/.*)?"
        }
       },
       {
        "uri": {
         "regex": "^/[^/]+/events(/|/.*)?"
        }
       }
      ],
      "route": [
       {
        "destination": {
         "host": "central-application-connectivity-validator",
         "port": {
          "number": 8080
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-compass-allow-from-health-check",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "compass-runtime-agent"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8090,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ],
   "allowedNamespaces": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-from-cluster-workload",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": "@{gateway.allowedNamespaces.selector}"
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       },
       {
        "port": 8082,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-from-health-check",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8081,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "externalCIDRs": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "@{*networkPolicies.externalCIDRs}"
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-metrics",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "application-connector-manager"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "@{namespace}"
         }
        },
        "podSelector": {
         "matchLabels": {
          "networking.kyma-project.io/metrics-scraping": "allowed"
         }
        }
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "externalCIDRs": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "compass-runtime-agent",
        "central-application-gateway"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "to": [
       {
        "ipBlock": {
         "cidr": "@{*networkPolicies.externalCIDRs}"
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "apiServerPorts": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-api-server",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": "@{*networkPolicies.apiServerPorts}",
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-dns",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 53,
        "protocol": "UDP"
       },
       {
        "port": 53,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0"
        }
       },
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "node-local-dns"
         }
        }
       },
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "kube-dns"
         }
        }
       }
      ]
     },
     {
      "ports": [
       {
        "port": 8053,
        "protocol": "UDP"
       },
       {
        "port": 8053,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "kube-dns"
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-from-health-check",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8081,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-from-istio-ingressgateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "istio-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "app.kubernetes.io/name": "istio-ingressgateway"
         }
        }
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-to-eventing",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "podSelector": {
         "matchLabels": {
          "app.kubernetes.io/name": "eventing-publisher-proxy"
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-to-sidecar",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 15012,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "istio-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "app.kubernetes.io/name": "istiod"
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-from-sidecar",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 15021,
        "protocol": "TCP"
       },
       {
        "port": 15090,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "allowedNamespaces": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-from-cluster-workload",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       },
       {
        "port": 8082,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "apiServerPorts": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-api-server",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "externalCIDRs": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "Allow"
   ],
   "externalCIDRs": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "compass-runtime-agent",
        "central-application-gateway"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0",
         "except": [
          "169.254.0.0/16"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-deny-all",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Ingress",
     "Egress"
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-webhook",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "application-connector-manager"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8081,
        "protocol": "TCP"
       },
       {
        "port": 9443,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-metrics",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent"
       ]
      }
     ]
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {},
        "podSelector": {
         "matchLabels": {
          "networking.kyma-project.io/metrics-scraping": "allowed"
         }
        }
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "externalCIDRs": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "endPort": 65535,
        "port": 1,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "@{*networkPolicies.externalCIDRs}"
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "externalCIDRs": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-compass-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "compass-runtime-agent"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "@{*networkPolicies.externalCIDRs}"
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "apiServerPorts": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-api-server",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": "@{*networkPolicies.apiServerPorts}",
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0",
         "except": [
          "169.254.0.0/16"
         ]
        }
       },
       {
        "ipBlock": {
         "cidr": "::/0",
         "except": [
          "fe80::/10"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-dns",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 53,
        "protocol": "UDP"
       },
       {
        "port": 53,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "node-local-dns"
         }
        }
       },
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "kube-dns"
         }
        }
       },
       {
        "ipBlock": {
         "cidr": "169.254.20.10/32"
        }
       },
       {
        "ipBlock": {
         "cidr": "fd00::10/128"
        }
       }
      ]
     },
     {
      "ports": [
       {
        "port": 8053,
        "protocol": "UDP"
       },
       {
        "port": 8053,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kube-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "k8s-app": "kube-dns"
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-to-eventing",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {
         "matchLabels": {
          "kubernetes.io/metadata.name": "kyma-system"
         }
        },
        "podSelector": {
         "matchLabels": {
          "app.kubernetes.io/name": "eventing-publisher-proxy"
         }
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "Istio"
   ],
   "networkPolicies": [
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-allow-ambient",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Ingress",
     "Egress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {}
       }
      ],
      "ports": [
       {
        "port": 15008,
        "protocol": "TCP"
       }
      ]
     }
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 15008,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "namespaceSelector": {}
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "allowedNamespaces": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-from-cluster-workload",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {}
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       },
       {
        "port": 8082,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "apiServerPorts": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-module-to-api-server",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchExpressions": [
      {
       "key": "app",
       "operator": "In",
       "values": [
        "application-connector-manager",
        "compass-runtime-agent",
        "central-application-gateway",
        "central-application-connectivity-validator"
       ]
      }
     ]
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       },
       {
        "port": 6443,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0",
         "except": [
          "169.254.0.0/16"
         ]
        }
       },
       {
        "ipBlock": {
         "cidr": "::/0",
         "except": [
          "fe80::/10"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "externalCIDRs": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 80,
        "protocol": "TCP"
       },
       {
        "port": 443,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0",
         "except": [
          "169.254.0.0/16"
         ]
        }
       },
       {
        "ipBlock": {
         "cidr": "::/0",
         "except": [
          "fe80::/10"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "networkPolicies": [
    "DefaultDeny"
   ],
   "externalCIDRs": [
    false
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-compass-allow-to-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "compass-runtime-agent"
     }
    },
    "policyTypes": [
     "Egress"
    ],
    "egress": [
     {
      "ports": [
       {
        "port": 443,
        "protocol": "TCP"
       }
      ],
      "to": [
       {
        "ipBlock": {
         "cidr": "0.0.0.0/0",
         "except": [
          "169.254.0.0/16"
         ]
        }
       },
       {
        "ipBlock": {
         "cidr": "::/0",
         "except": [
          "fe80::/10"
         ]
        }
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI",
    "BuiltIn",
    "None"
   ],
   "networkPolicies": [
    "Disabled"
   ],
   "allowedNamespaces": [
    true
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-gateway-allowed-namespaces",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-gateway"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": "@{gateway.allowedNamespaces.selector}"
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       },
       {
        "port": 8082,
        "protocol": "TCP"
       }
      ]
     },
     {
      "ports": [
       {
        "port": 8081,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI",
    "BuiltIn",
    "None"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "compass-runtime-agent",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "compass-runtime-agent",
     "release": "application-connector",
     "app.kubernetes.io/name": "compass-runtime-agent",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "replicas": "@{agent.replicas}",
    "selector": {
     "matchLabels": {
      "app": "compass-runtime-agent",
      "release": "compass-runtime-agent"
     }
    },
    "template": {
     "metadata": {
      "annotations": {
       "operator.kyma-project.io/agent-configuration-hash": "@{agent.configurationHash}"
      },
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "compass-runtime-agent",
       "release": "compass-runtime-agent"
      }
     },
     "spec": {
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "compass-runtime-agent",
      "priorityClassName": "compass-runtime-agent-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 65535,
       "runAsGroup": 65535,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "compass-runtime-agent",
        "image": "@{agent.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "env": [
         {
          "name": "APP_AGENT_CONFIGURATION_SECRET",
          "value": "@{namespace}/compass-agent-configuration"
         },
         {
          "name": "APP_CONTROLLER_SYNC_PERIOD",
          "value": "@{agent.controllerSyncPeriod}"
         },
         {
          "name": "APP_MINIMAL_COMPASS_SYNC_TIME",
          "value": "@{agent.minimalConfigSyncTime}"
         },
         {
          "name": "APP_CERT_VALIDITY_RENEWAL_THRESHOLD",
          "value": "@{agent.certValidityRenewalThreshold}"
         },
         {
          "name": "APP_CLUSTER_CERTIFICATES_SECRET",
          "value": "@{namespace}/cluster-client-certificates"
         },
         {
          "name": "APP_CA_CERTIFICATES_SECRET",
          "value": "@{namespace}/@{ingress.credentialName}-cacert"
         },
         {
          "name": "APP_SKIP_COMPASS_TLS_VERIFY",
          "value": "@{=agent.skipCompassTLSVerify}"
         },
         {
          "name": "APP_SKIP_APPS_TLS_VERIFY",
          "value": "false"
         },
         {
          "name": "APP_GATEWAY_PORT",
          "value": "8080"
         },
         {
          "name": "APP_UPLOAD_SERVICE_URL"
         },
         {
          "name": "APP_QUERY_LOGGING",
          "value": "false"
         },
         {
          "name": "APP_METRICS_LOGGING_TIME_INTERVAL",
          "value": "30m"
         },
         {
          "name": "APP_RUNTIME_EVENTS_URL",
          "value": "https://@{ingress.hostPrefix}.@{domainName}"
         },
         {
          "name": "APP_RUNTIME_CONSOLE_URL",
          "value": "https://console.@{domainName}"
         },
         {
          "name": "APP_HEALTH_PORT",
          "value": "8090"
         },
         {
          "name": "APP_CENTRAL_GATEWAY_SERVICE_URL",
          "value": "http://central-application-gateway.@{namespace}.svc.cluster.local:8082"
         },
         {
          "name": "APP_INTEGRATION_NAMESPACE",
          "value": "@{namespace}"
         },
         {
          "name": "APP_LEASE_NAMESPACE",
          "value": "@{namespace}"
         },
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "25s"
         }
        ],
        "ports": [
         {
          "name": "http-health",
          "containerPort": 8090
         },
         {
          "name": "http-metrics",
          "containerPort": 8080
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8090
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 2,
         "timeoutSeconds": 1
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/healthz",
          "port": 8090
         },
         "initialDelaySeconds": 50,
         "periodSeconds": 10,
         "timeoutSeconds": 1
        },
        "resources": "@{agent.resources}",
        "securityContext": {
         "runAsUser": 65535,
         "runAsGroup": 65535,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "64Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI",
    "BuiltIn",
    "None"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "central-application-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-gateway",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-gateway",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "strategy": {
     "type": "RollingUpdate",
     "rollingUpdate": {
      "maxUnavailable": 0,
      "maxSurge": 1
     }
    },
    "selector": {
     "matchLabels": {
      "app": "central-application-gateway",
      "release": "application-connector"
     }
    },
    "template": {
     "metadata": {
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "central-application-gateway",
       "app.kubernetes.io/part-of": "application-connector-manager",
       "release": "application-connector"
      }
     },
     "spec": {
      "topologySpreadConstraints": [
       {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-gateway"
         }
        }
       },
       {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-gateway"
         }
        }
       }
      ],
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "central-application-gateway",
      "priorityClassName": "central-application-gateway-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 1000,
       "runAsGroup": 1000,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "central-application-gateway",
        "image": "@{gateway.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "args": [
         "--proxyPort=8080",
         "--proxyPortCompass=8082",
         "--externalAPIPort=8081",
         "--logLevel=@{gateway.logLevel}",
         "--applicationSecretsNamespace=@{namespace}",
         "--requestTimeout=@{gateway.requestTimeoutSeconds}",
         "--proxyTimeout=@{gateway.proxyTimeoutSeconds}",
         "--proxyCacheTTL=120"
        ],
        "env": [
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "20"
         }
        ],
        "ports": [
         {
          "name": "http-proxy",
          "containerPort": 8080
         },
         {
          "name": "http-proxy-mps",
          "containerPort": 8082
         },
         {
          "name": "http-api-port",
          "containerPort": 8081
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8081
         },
         "initialDelaySeconds": 5,
         "periodSeconds": 5
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/v1/health",
          "port": 8081
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 10
        },
        "lifecycle": {
         "preStop": {
          "sleep": {
           "seconds": 5
          }
         }
        },
        "resources": "@{gateway.resources}",
        "securityContext": {
         "runAsUser": 1000,
         "runAsGroup": 1000,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "320Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI",
    "None"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "strategy": {
     "type": "RollingUpdate",
     "rollingUpdate": {
      "maxUnavailable": 0,
      "maxSurge": 1
     }
    },
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator",
      "release": "application-connector"
     }
    },
    "template": {
     "metadata": {
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "central-application-connectivity-validator",
       "app.kubernetes.io/part-of": "application-connector-manager",
       "release": "application-connector"
      }
     },
     "spec": {
      "topologySpreadConstraints": [
       {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       },
       {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       }
      ],
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "central-application-connectivity-validator",
      "priorityClassName": "central-application-connectivity-validator-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 1000,
       "runAsGroup": 1000,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "central-application-connectivity-validator",
        "image": "@{validator.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "args": [
         "--proxyPort=8080",
         "--externalAPIPort=8081",
         "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
         "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
         "--eventingPublisherHost=eventing-publisher-proxy.kyma-system",
         "--eventingDestinationPath=/publish",
         "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
         "--appNamePlaceholder=%%APP_NAME%%"
        ],
        "env": [
         {
          "name": "APP_LOG_FORMAT",
          "value": "@{validator.logFormat}"
         },
         {
          "name": "APP_LOG_LEVEL",
          "value": "@{validator.logLevel}"
         },
         {
          "name": "APP_SECURITY_PROFILE",
          "value": "@{validator.securityProfile}"
         },
         {
          "name": "APP_DRAIN_DELAY",
          "value": "0s"
         },
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "20s"
         }
        ],
        "ports": [
         {
          "name": "http-proxy",
          "containerPort": 8080
         },
         {
          "name": "http-api-port",
          "containerPort": 8081
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8081
         },
         "initialDelaySeconds": 5,
         "periodSeconds": 5
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/v1/health",
          "port": 8081
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 10
        },
        "lifecycle": {
         "preStop": {
          "sleep": {
           "seconds": 5
          }
         }
        },
        "resources": "@{validator.resources}",
        "securityContext": {
         "runAsUser": 1000,
         "runAsGroup": 1000,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "64Mi"
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI"
   ]
  },
  "needs": [
   "domainName"
  ],
  "object": {
   "apiVersion": "gateway.networking.k8s.io/v1",
   "kind": "Gateway",
   "metadata": {
    "name": "kyma-gateway-application-connector",
    "namespace": "@{namespace}",
    "labels": {
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/name": "application-connector-gateway",
     "app.kubernetes.io/part-of": "application-connector-manager",
     "kyma-project.io/module": "application-connector",
     "release": "application-connector"
    }
   },
   "spec": {
    "gatewayClassName": "@{ingress.gatewayClassName}",
    "listeners": [
     {
      "name": "https-app-connector",
      "hostname": "@{ingress.hostPrefix}.@{domainName}",
      "port": 443,
      "protocol": "HTTPS",
      "tls": {
       "mode": "Terminate",
       "certificateRefs": [
        {
         "group": "",
         "kind": "Secret",
         "name": "@{ingress.credentialName}"
        }
       ]
      },
      "allowedRoutes": {
       "namespaces": {
        "from": "Same"
       }
      }
     }
    ],
    "tls": {
     "frontend": {
      "default": {
       "validation": {
        "mode": "AllowValidOnly",
        "caCertificateRefs": [
         {
          "group": "",
          "kind": "Secret",
          "name": "@{ingress.credentialName}-cacert"
         }
        ]
       }
      }
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI"
   ]
  },
  "needs": [
   "domainName"
  ],
  "object": {
   "apiVersion": "gateway.networking.k8s.io/v1",
   "kind": "HTTPRoute",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "parentRefs": [
     {
      "group": "gateway.networking.k8s.io",
      "kind": "Gateway",
      "name": "kyma-gateway-application-connector"
     }
    ],
    "hostnames": [
     "@{ingress.hostPrefix}.@{domainName}"
    ],
    "rules": [
     {
      "matches": [
       {
        "path": {
         "type": "RegularExpression",
         "value": "^/[^/]+/v1/metadata(/|/.*)?"
        }
       },
       {
        "path": {
         "type": "RegularExpression",
         "value": "^/[^/]+/v1/events(/|/.*)?"
        }
       },
       {
        "path": {
         "type": "RegularExpression",
         "value": "^/[^/]+/v2/events(/|/.*)?"
        }
       },
       {
        "path": {
         "type": "RegularExpression",
         "value": "^/[^/]+/events(/|/.*)?"
        }
       }
      ],
      "backendRefs": [
       {
        "group": "",
        "kind": "Service",
        "name": "central-application-connectivity-validator",
        "port": 8080
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "GatewayAPI"
   ],
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-from-gateway",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "from": [
       {
        "namespaceSelector": {},
        "podSelector": {
         "matchExpressions": [
          {
           "key": "gateway.networking.k8s.io/gateway-name",
           "operator": "In",
           "values": [
            "kyma-gateway-application-connector"
           ]
          }
         ]
        }
       }
      ],
      "ports": [
       {
        "port": 8080,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 },
 {
  "when": {
   "ingress": [
    "BuiltIn"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "v1",
   "kind": "Service",
   "metadata": {
    "name": "central-application-connectivity-validator-mtls",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "type": "@{ingress.serviceType}",
    "ports": [
     {
      "name": "https-mtls",
      "port": 443,
      "targetPort": 8443,
      "protocol": "TCP"
     }
    ],
    "selector": {
     "app": "central-application-connectivity-validator",
     "release": "application-connector"
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "BuiltIn"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
    "name": "central-application-connectivity-validator",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "app": "central-application-connectivity-validator",
     "release": "application-connector",
     "app.kubernetes.io/name": "central-application-connectivity-validator",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "strategy": {
     "type": "RollingUpdate",
     "rollingUpdate": {
      "maxUnavailable": 0,
      "maxSurge": 1
     }
    },
    "selector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator",
      "release": "application-connector"
     }
    },
    "template": {
     "metadata": {
      "labels": {
       "kyma-project.io/module": "application-connector",
       "app": "central-application-connectivity-validator",
       "app.kubernetes.io/part-of": "application-connector-manager",
       "release": "application-connector"
      }
     },
     "spec": {
      "topologySpreadConstraints": [
       {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       },
       {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {
         "matchLabels": {
          "app": "central-application-connectivity-validator"
         }
        }
       }
      ],
      "imagePullSecrets": [
       {
        "name": "@{*imagePullSecrets}"
       }
      ],
      "serviceAccountName": "central-application-connectivity-validator",
      "priorityClassName": "central-application-connectivity-validator-priority-class",
      "securityContext": {
       "runAsNonRoot": true,
       "runAsUser": 1000,
       "runAsGroup": 1000,
       "seccompProfile": {
        "type": "RuntimeDefault"
       }
      },
      "terminationGracePeriodSeconds": 30,
      "containers": [
       {
        "name": "central-application-connectivity-validator",
        "image": "@{validator.image}",
        "imagePullPolicy": "@{imagePullPolicy}",
        "args": [
         "--proxyPort=8080",
         "--externalAPIPort=8081",
         "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
         "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
         "--eventingPublisherHost=eventing-publisher-proxy.kyma-system",
         "--eventingDestinationPath=/publish",
         "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
         "--appNamePlaceholder=%%APP_NAME%%"
        ],
        "env": [
         {
          "name": "APP_LOG_FORMAT",
          "value": "@{validator.logFormat}"
         },
         {
          "name": "APP_LOG_LEVEL",
          "value": "@{validator.logLevel}"
         },
         {
          "name": "APP_SECURITY_PROFILE",
          "value": "@{validator.securityProfile}"
         },
         {
          "name": "APP_DRAIN_DELAY",
          "value": "0s"
         },
         {
          "name": "APP_SHUTDOWN_TIMEOUT",
          "value": "20s"
         },
         {
          "name": "APP_MTLS_PORT",
          "value": "8443"
         },
         {
          "name": "APP_MTLS_CERT_FILE",
          "value": "/etc/mtls/server/tls.crt"
         },
         {
          "name": "APP_MTLS_KEY_FILE",
          "value": "/etc/mtls/server/tls.key"
         },
         {
          "name": "APP_MTLS_CLIENT_CA_FILE",
          "value": "/etc/mtls/clients/cacert"
         }
        ],
        "ports": [
         {
          "name": "http-proxy",
          "containerPort": 8080
         },
         {
          "name": "http-api-port",
          "containerPort": 8081
         },
         {
          "name": "https-mtls",
          "containerPort": 8443
         }
        ],
        "readinessProbe": {
         "httpGet": {
          "path": "/readyz",
          "port": 8081
         },
         "initialDelaySeconds": 5,
         "periodSeconds": 5
        },
        "livenessProbe": {
         "httpGet": {
          "path": "/v1/health",
          "port": 8081
         },
         "initialDelaySeconds": 10,
         "periodSeconds": 10
        },
        "lifecycle": {
         "preStop": {
          "sleep": {
           "seconds": 5
          }
         }
        },
        "resources": "@{validator.resources}",
        "securityContext": {
         "runAsUser": 1000,
         "runAsGroup": 1000,
         "runAsNonRoot": true,
         "privileged": false,
         "allowPrivilegeEscalation": false,
         "readOnlyRootFilesystem": true,
         "capabilities": {
          "drop": [
           "ALL"
          ]
         }
        },
        "volumeMounts": [
         {
          "name": "tmp",
          "mountPath": "/tmp"
         },
         {
          "name": "mtls-server",
          "mountPath": "/etc/mtls/server",
          "readOnly": true
         },
         {
          "name": "mtls-clients",
          "mountPath": "/etc/mtls/clients",
          "readOnly": true
         }
        ]
       }
      ],
      "volumes": [
       {
        "name": "tmp",
        "emptyDir": {
         "sizeLimit": "64Mi"
        }
       },
       {
        "name": "mtls-server",
        "secret": {
         "secretName": "@{ingress.credentialName}",
         "defaultMode": 292,
         "items": [
          {
           "key": "tls.crt",
           "path": "tls.crt"
          },
          {
           "key": "tls.key",
           "path": "tls.key"
          }
         ]
        }
       },
       {
        "name": "mtls-clients",
        "secret": {
         "secretName": "@{ingress.credentialName}-cacert",
         "defaultMode": 292,
         "items": [
          {
           "key": "cacert",
           "path": "cacert"
          }
         ]
        }
       }
      ]
     }
    }
   }
  }
 },
 {
  "when": {
   "ingress": [
    "BuiltIn"
   ],
   "networkPolicies": [
    "Allow",
    "DefaultDeny"
   ]
  },
  "needs": [],
  "object": {
   "apiVersion": "networking.k8s.io/v1",
   "kind": "NetworkPolicy",
   "metadata": {
    "name": "kyma-project.io--acm-validator-allow-from-external-system",
    "namespace": "@{namespace}",
    "labels": {
     "kyma-project.io/module": "application-connector",
     "release": "application-connector",
     "app.kubernetes.io/managed-by": "application-connector-manager",
     "app.kubernetes.io/instance": "application-connector",
     "app.kubernetes.io/part-of": "application-connector-manager"
    }
   },
   "spec": {
    "podSelector": {
     "matchLabels": {
      "app": "central-application-connectivity-validator"
     }
    },
    "policyTypes": [
     "Ingress"
    ],
    "ingress": [
     {
      "ports": [
       {
        "port": 8443,
        "protocol": "TCP"
       }
      ]
     }
    ]
   }
  }
 }
];

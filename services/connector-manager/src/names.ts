/** What upstream's users, and whatever is installed already, know the manager by. */
export const moduleNamespace = "kyma-system";
export const fieldManager = "application-connector-manager";
export const statusManager = "application-connector-manager-status";
export const webhookManager = "application-connector-manager-webhook";
export const eventSource = "application-connector-manager";
export const finalizer = "application-connector-manager.kyma-project.io/deletion-hook";
export const leaseName = "3e432b4e.acm.operator.kyma-project.io";

/** Every managed object has it; caches choose by it. */
export const partOfLabel = { name: "app.kubernetes.io/part-of", value: "application-connector-manager" } as const;
export const managedByLabel = { name: "app.kubernetes.io/managed-by", value: "application-connector-manager" } as const;

export const applySetParent = { name: "application-connector-applyset", namespace: moduleNamespace } as const;

/** Set on the definitions the manager installs: which release did. */
export const managerVersionAnnotation = "operator.kyma-project.io/manager-version";
export const pauseAnnotation = "operator.kyma-project.io/pause";
export const forceDeleteAnnotation = "operator.kyma-project.io/force-delete";

export const validatorName = "central-application-connectivity-validator";
export const gatewayName = "central-application-gateway";
export const agentName = "compass-runtime-agent";

export const connectorDefinition = "applicationconnectors.operator.kyma-project.io";
/** Where the certificate of the webhook is kept, in the module's namespace. */
export const webhookSecret = "application-connector-webhook-cert";

export const agentSecret = { name: "compass-agent-configuration", namespace: moduleNamespace } as const;
export const shootInfo = { name: "shoot-info", namespace: "kube-system" } as const;

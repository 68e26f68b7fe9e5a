{{/* Without the part-of label: the manager looks after what it has installed, not after itself. */}}
{{- define "application-connector.managerLabels" -}}
kyma-project.io/module: application-connector
control-plane: controller-manager
app.kubernetes.io/name: application-connector-manager
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

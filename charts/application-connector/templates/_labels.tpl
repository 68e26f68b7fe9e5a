{{/* Labels of a component's objects: (dict "component" NAME). */}}
{{- define "application-connector.labels" -}}
kyma-project.io/module: application-connector
app: {{ .component }}
release: {{ .release | default "application-connector" }}
app.kubernetes.io/name: {{ .component }}
{{ include "application-connector.partLabels" . }}
{{- end }}

{{- define "application-connector.partLabels" -}}
app.kubernetes.io/managed-by: application-connector-manager
app.kubernetes.io/instance: application-connector
app.kubernetes.io/part-of: application-connector-manager
{{- end }}

{{/* Labels of what belongs to no component. The part-of label is how the manager finds what it must repair. */}}
{{- define "application-connector.moduleLabels" -}}
kyma-project.io/module: application-connector
app.kubernetes.io/part-of: application-connector-manager
{{- end }}

{{- define "application-connector.policyLabels" -}}
kyma-project.io/module: application-connector
release: application-connector
{{ include "application-connector.partLabels" . }}
{{- end }}

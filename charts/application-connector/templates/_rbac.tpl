{{/*
A role and its binding to a component's service account:
(dict "root" . "component" NAME "role" NAME "binding" NAME "rules" TEMPLATE ["namespace" NAMESPACE] ["roleRelease" R "bindingRelease" R])
Without a namespace it is a cluster role.
*/}}
{{- define "application-connector.grant" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ if .namespace }}Role{{ else }}ClusterRole{{ end }}
metadata:
  name: {{ .role }}
  {{- with .namespace }}
  namespace: {{ . | toJson }}
  {{- end }}
  labels:
    {{- include "application-connector.labels" (dict "component" .component "release" .roleRelease) | nindent 4 }}
rules:
  {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ if .namespace }}RoleBinding{{ else }}ClusterRoleBinding{{ end }}
metadata:
  name: {{ .binding }}
  {{- with .namespace }}
  namespace: {{ . | toJson }}
  {{- end }}
  labels:
    {{- include "application-connector.labels" (dict "component" .component "release" .bindingRelease) | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ if .namespace }}Role{{ else }}ClusterRole{{ end }}
  name: {{ .role }}
subjects:
  - kind: ServiceAccount
    name: {{ .account | default .component }}
    namespace: {{ .root.Values.namespace | toJson }}
{{- end }}

{{- define "application-connector.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .component }}
  namespace: {{ .root.Values.namespace | toJson }}
  labels:
    {{- if .withoutRelease }}
    {{- omit (include "application-connector.labels" . | fromYaml) "release" | toYaml | nindent 4 }}
    {{- else }}
    {{- include "application-connector.labels" . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* The component may say on objects without a namespace what is wrong with them: their Events are in "default". */}}
{{- define "application-connector.eventsGrant" -}}
{{- $rules := list (dict "apiGroups" (list "events.k8s.io") "resources" (list "events") "verbs" (list "create" "patch")) -}}
{{- include "application-connector.grant" (dict "root" .root "component" .component "namespace" "default" "role" (printf "%s-events-role" .component) "binding" (printf "%s-events-rolebinding" .component) "rules" $rules) }}
{{- end }}

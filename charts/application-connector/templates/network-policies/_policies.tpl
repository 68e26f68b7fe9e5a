{{/* (dict "root" . "name" SUFFIX "app" NAME or "apps" NAMES "ingress" RULES or "egress" RULES) */}}
{{- define "application-connector.policy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: kyma-project.io--acm-{{ .name }}
  namespace: {{ .root.Values.namespace | toJson }}
  labels:
    {{- include "application-connector.policyLabels" . | nindent 4 }}
spec:
  podSelector:
    {{- if .app }}
    matchLabels:
      app: {{ .app }}
    {{- else }}
    matchExpressions:
      - key: app
        operator: In
        values: {{ toJson .apps }}
    {{- end }}
  policyTypes:
    {{- if or (hasKey . "ingress") .denyAll }}
    - Ingress
    {{- end }}
    {{- if or (hasKey . "egress") .denyAll }}
    - Egress
    {{- end }}
  {{- with .ingress }}
  ingress: {{ toJson . }}
  {{- end }}
  {{- with .egress }}
  egress: {{ toJson . }}
  {{- end }}
{{ end }}

{{- define "application-connector.modulePods" -}}
["application-connector-manager", "compass-runtime-agent", "central-application-gateway", "central-application-connectivity-validator"]
{{- end }}

{{/* Pods of one namespace: (dict "namespace" NAME "labels" LABELS) */}}
{{- define "application-connector.podsIn" -}}
{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": {{ .namespace | toJson }}}}, "podSelector": {"matchLabels": {{ toJson .labels }}}}
{{- end }}

{{/* Who sends to the validator: (dict "root" .), as a policy or nothing. */}}
{{- define "application-connector.validatorDoor" -}}
{{- $root := .root }}
{{- $validator := "central-application-connectivity-validator" }}
{{- $events := list (dict "port" 8080 "protocol" "TCP") }}
{{- if eq $root.Values.ingress.mode "Istio" }}
{{- $from := include "application-connector.podsIn" (dict "namespace" "istio-system" "labels" (dict "app.kubernetes.io/name" "istio-ingressgateway")) | fromJson }}
{{ include "application-connector.policy" (dict "root" $root "name" "validator-allow-from-istio-ingressgateway" "app" $validator "ingress" (list (dict "from" (list $from) "ports" $events))) }}
{{- else if eq $root.Values.ingress.mode "GatewayAPI" }}
{{- $from := $root.Values.ingress.gatewayAPI.from }}
{{ include "application-connector.policy" (dict "root" $root "name" "validator-allow-from-gateway" "app" $validator "ingress" (list (dict "from" $from "ports" $events))) }}
{{- else if eq $root.Values.ingress.mode "BuiltIn" }}
{{ include "application-connector.policy" (dict "root" $root "name" "validator-allow-from-external-system" "app" $validator "ingress" (list (dict "ports" (list (dict "port" 8443 "protocol" "TCP"))))) }}
{{- end }}
{{- end }}

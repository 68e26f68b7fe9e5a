{{/* The image of a component: (dict "values" .Values "chart" .Chart "image" IMAGE). IMAGE.reference, where given, is the whole of it. */}}
{{- define "application-connector.image" -}}
{{- $image := .image -}}
{{- if $image.reference -}}
{{ $image.reference }}
{{- else -}}
{{- $registry := $image.registry | default .values.image.registry -}}
{{- $digest := $image.digest -}}
{{- $tag := $image.tag | default .values.image.tag | default .chart.AppVersion -}}
{{ if $registry }}{{ trimSuffix "/" $registry }}/{{ end }}{{ $image.repository }}{{ if $digest }}@{{ $digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end -}}
{{- end }}

{{/* A number or text as part of a text: large numbers are not written with an exponent. */}}
{{- define "application-connector.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ . | toJson }}{{ end }}
{{- end }}

{{/* What all containers have: nobody's rights, and no disk but /tmp. (dict "user" UID) */}}
{{- define "application-connector.containerSecurity" -}}
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
runAsNonRoot: true
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "application-connector.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
{{- with .fsGroup }}
fsGroup: {{ . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Annotations of pods: (dict "values" .Values "component" COMPONENT "annotations" DICT). Sidecars are for the mesh only. */}}
{{- define "application-connector.podAnnotations" -}}
{{- $annotations := dict -}}
{{- if eq .values.ingress.mode "Istio" }}{{ $_ := set $annotations "sidecar.istio.io/inject" "true" }}{{ end -}}
{{- range $name, $value := .annotations }}{{ if $value }}{{ $_ := set $annotations $name $value }}{{ end }}{{ end -}}
{{- range $name, $value := .component.podAnnotations }}{{ $_ := set $annotations $name $value }}{{ end -}}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Where pods run: (dict "values" .Values "component" COMPONENT "app" NAME) */}}
{{- define "application-connector.placement" -}}
{{- with .values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | toJson }}
  {{- end }}
{{- end }}
{{- with .component.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .component.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .component.affinity }}
affinity: {{ toJson . }}
{{- end }}
{{- end }}

{{- define "application-connector.spread" -}}
{{- if kindIs "slice" .component.topologySpreadConstraints -}}
{{- with .component.topologySpreadConstraints }}
topologySpreadConstraints: {{ toJson . }}
{{- end }}
{{- else }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app: {{ $.app }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The pods of one component's autoscaler: (dict "root" . "name" NAME "component" COMPONENT "kind" KIND) */}}
{{- define "application-connector.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  namespace: {{ .root.Values.namespace | toJson }}
  labels:
    {{- include "application-connector.labels" (dict "component" .name) | nindent 4 }}
spec:
  minReplicas: {{ .component.scaling.minReplicas | toJson }}
  maxReplicas: {{ .component.scaling.maxReplicas | toJson }}
  scaleTargetRef:
    apiVersion: apps/v1
    kind: {{ .kind }}
    name: {{ .name }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .component.scaling.targetCPUUtilization | toJson }}
{{- end }}

{{/* As above. By default there is a budget as soon as there are two pods, so that draining a node is never blocked for good. */}}
{{- define "application-connector.disruptionBudget" -}}
{{- $budget := .component.podDisruptionBudget -}}
{{- $minAvailable := $budget.minAvailable -}}
{{- if and (kindIs "invalid" $minAvailable) (ge (int .component.scaling.minReplicas) 2) }}{{ $minAvailable = 1 }}{{ end -}}
{{- if and $budget.enabled $minAvailable -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ .root.Values.namespace | toJson }}
  labels:
    {{- include "application-connector.labels" (dict "component" .name) | nindent 4 }}
spec:
  minAvailable: {{ $minAvailable | toJson }}
  selector:
    matchLabels:
      app: {{ .name }}
      release: application-connector
{{- end }}
{{- end }}

{{/* A priority class: (dict "name" NAME "value" NUMBER) */}}
{{- define "application-connector.priorityClass" -}}
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: {{ .name }}-priority-class
  labels:
    {{- include "application-connector.moduleLabels" . | nindent 4 }}
value: {{ .value | toJson }}
globalDefault: false
description: {{ printf "Scheduling priority of %s. By default it should not be blocked by unschedulable user workloads." .name | toJson }}
{{- end }}

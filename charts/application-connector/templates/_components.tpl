{{/* "yes" when the chart itself installs a component: (dict "root" . "component" KEY) */}}
{{- define "application-connector.installs" -}}
{{- if and (eq .root.Values.mode "standalone") (index .root.Values.components .component).enabled }}yes{{ end }}
{{- end }}

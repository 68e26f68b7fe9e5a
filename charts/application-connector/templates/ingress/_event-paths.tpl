{{/* What external systems may call, as regular expressions of whole paths. */}}
{{- define "application-connector.eventPaths" -}}
["^/[^/]+/v1/metadata(/|/.*)?", "^/[^/]+/v1/events(/|/.*)?", "^/[^/]+/v2/events(/|/.*)?", "^/[^/]+/events(/|/.*)?"]
{{- end }}

/** The levels that Go's zap knows, by which operators set and read them here. */
export const logLevels = ["debug", "info", "warn", "error", "dpanic", "panic", "fatal"] as const;

/** `silent` is for programs that embed a service; it cannot be set from outside. */
export type LogLevel = (typeof logLevels)[number] | "silent";

/** Pino has no levels between error and fatal: what is stricter than error shows fatal lines only. */
export function pinoLevel(level: LogLevel): "debug" | "info" | "warn" | "error" | "fatal" | "silent" {
  return level === "dpanic" || level === "panic" ? "fatal" : level;
}

/** The level a text names, in the two cases zap reads, or undefined. */
export function parseLogLevel(text: string): Exclude<LogLevel, "silent"> | undefined {
  return logLevels.find((level) => level === text || level.toUpperCase() === text);
}

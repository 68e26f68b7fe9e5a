export { type AppliedState, appliedState } from "./apply/applied-state.ts";
export {
  type Applied,
  type Applier,
  type ApplierOptions,
  type ApplyToOptions,
  createApplier,
} from "./apply/applier.ts";
export { type AllApplied, type ApplyAllOptions, applyAll } from "./apply/apply-all.ts";
export { CorrectionPostponedError } from "./apply/correction-budget.ts";
export { type FieldConflict, fieldConflicts } from "./apply/field-conflicts.ts";
export {
  type ApplySet,
  type ApplySetOptions,
  createApplySet,
  type SetMember,
  type SetResult,
} from "./apply-set/apply-set.ts";
export { applySetId, memberLabel } from "./apply-set/membership.ts";
export { type Leftover, removeExactly } from "./apply-set/prune.ts";
export { type Clock, systemClock, type Timer } from "./clock.ts";
export { concurrently } from "./concurrently.ts";
export { type Control, type ControlOptions, startControl } from "./controller/control.ts";
export { type Controller, type ControllerOptions, createController } from "./controller/controller.ts";
export {
  annotationsChanged,
  anyOf,
  generationChanged,
  labelsChanged,
  nameIs,
  type Predicate,
  statusChanged,
  valueChanged,
} from "./controller/predicates.ts";
export { type Reconcile, type Request, type Result, requestFor, TerminalError } from "./controller/request.ts";
export { type Enqueue, mapped, objects, owned, type Source, type SourceInformer } from "./controller/sources.ts";
export { createControllerMetrics, type ReconcileResult } from "./controller-metrics.ts";
export type { Statement } from "./events/event.ts";
export { createEventRecorder, type EventRecorder, type EventRecorderOptions } from "./events/recorder.ts";
export type { EventApi } from "./events/writer.ts";
export { addFinalizer, hasFinalizer, removeFinalizer } from "./finalizers/finalizers.ts";
export type { Quarantined } from "./informer/cache.ts";
export { type CombinedInformer, combineInformers } from "./informer/combined.ts";
export type { Handler } from "./informer/delivery.ts";
export { type FollowedKinds, type FollowOptions, followKinds, type Place } from "./informer/followed-kinds.ts";
export type { Informer, InformerOptions } from "./informer/informer.ts";
export { createInformers, type Informers, type InformersOptions } from "./informer/informers.ts";
export type { Listing } from "./informer/listing.ts";
export type { InformerState } from "./informer/reflector.ts";
export { createLeaderElector, type LeaderElector, type LeaderElectorOptions } from "./lease/elector.ts";
export { type Leadership, LeadershipLostError } from "./lease/leadership.ts";
export { type Log, silentLog } from "./log.ts";
export { createMetrics as createKubeMetrics } from "./metrics.ts";
export { createWorkQueue, type Priority, type WorkQueue, type WorkQueueOptions } from "./queue/work-queue.ts";
export * from "./resources/builtin.ts";
export { identityOf } from "./resources/identity.ts";
export type { ObjectMeta, Resource } from "./resources/resource.ts";
export type * from "./resources/types.ts";
export { type ApplyStatusOptions, applyStatus, type StatedStatus } from "./status/apply-status.ts";
export {
  findCondition,
  isConditionTrue,
  removeCondition,
  type StatedCondition,
  sameCondition,
  setCondition,
  setConditions,
} from "./status/conditions.ts";
export {
  type ApplyOptions,
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
  type DeleteOptions,
  type List,
  type ListOptions,
  type PatchOptions,
  type Ref,
  type Selection,
  type WatchOptions,
  type WriteOptions,
} from "./transport/client.ts";
export { type Cluster, loadCluster } from "./transport/cluster.ts";
export { find } from "./transport/find.ts";
export type { Guard } from "./transport/guard.ts";
export { KubeError, type StatusDetails } from "./transport/kube-error.ts";
export { KubeConfigError } from "./transport/kubeconfig.ts";
export type { Call, Reply } from "./transport/transport.ts";
export type { UsedRight } from "./transport/usage.ts";
export type { WatchEvent } from "./transport/watch.ts";
export { type ApplyResult, createWriterMetrics, type EventLoss } from "./writer-metrics.ts";

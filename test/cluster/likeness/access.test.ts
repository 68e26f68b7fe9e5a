import { compareServers, limitedUser } from "./compare.ts";
import { create, meta, secret, table } from "./step.ts";

const { core, namespace, scenario } = compareServers("access");

scenario("who may do what", [
  { path: `${core}/secrets`, as: "nobody" },
  { path: `${core}/secrets`, as: "wrong" },
  { path: `${core}/secrets`, as: limitedUser.token },
  { path: `${core}/secrets/a`, as: limitedUser.token },
  create(`${core}/secrets`, secret("a"), { as: limitedUser.token }),
  { path: "/metrics", as: limitedUser.token },
  { path: `${core}/secrets`, headers: { "impersonate-user": "somebody" } },
  { path: `${core}/secrets`, as: limitedUser.token, headers: { "impersonate-user": "somebody" } },
  create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: meta("reader"),
    rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["only"], verbs: ["get", "list"] }],
  }),
  create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: meta("reader"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
    subjects: [{ kind: "User", name: limitedUser.name }],
  }),
  create(`${core}/secrets`, secret("only")),
  { path: `${core}/secrets/only`, as: limitedUser.token },
  { path: `${core}/secrets?fieldSelector=metadata.name=only`, as: limitedUser.token },
  { path: `${core}/secrets/other`, as: limitedUser.token },
  { path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, accept: table },
  ...["get", "delete"].map((verb) =>
    create(
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { verb, resource: "secrets", namespace, name: "only" } },
      },
      { as: limitedUser.token },
    ),
  ),
  create("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user: "u", resourceAttributes: { verb: "get", resource: "pods" } },
  }),
  // Whose token it is depends on how the servers were told of their users; that it is nobody's does not.
  ...[
    { token: "made-up" },
    { token: "made-up", audiences: ["https://kubernetes.default.svc"] },
    { token: limitedUser.token, audiences: ["somebody-else"] },
  ].map((spec) =>
    create("/apis/authentication.k8s.io/v1/tokenreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec,
    }),
  ),
]);

import { compareServers } from "./compare.ts";

const { scenario } = compareServers("discovery");

scenario("discovery and health", [
  { path: "/readyz" },
  { path: "/livez" },
  { path: "/api/v1/unknown" },
  { path: "/apis/coordination.k8s.io" },
  { path: "/apis/coordination.k8s.io/v1" },
  { path: "/apis/none.example" },
]);

scenario("discovery of everything at once", [
  {
    path: "/apis/coordination.k8s.io/v1",
    accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json",
  },
]);

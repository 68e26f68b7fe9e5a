import { compareServers } from "./compare.ts";
import { config, create, partial, table } from "./step.ts";

const { core, scenario } = compareServers("watches");

scenario("watches", [
  create(`${core}/configmaps`, config("watched", { a: "1" }, { labels: { watch: "yes" } })),
  { path: `${core}/configmaps?watch=true&labelSelector=watch`, readMs: 1500 },
  { path: `${core}/configmaps?watch=true&labelSelector=watch&resourceVersion=0`, readMs: 1500, accept: table },
  {
    path: `${core}/configmaps?watch=1&labelSelector=watch&timeoutSeconds=1`,
    accept: partial,
    readMs: 4000,
  },
  {
    path: `${core}/configmaps?watch=true&labelSelector=watch&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    readMs: 2500,
  },
  {
    path: `${core}/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=999999999`,
    readMs: 6000,
  },
  {
    path: `${core}/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=${encodeURIComponent("watch,!watch")}`,
    accept: partial,
    readMs: 2500,
  },
  { path: `${core}/configmaps?watch=true&sendInitialEvents=true` },
  { path: `${core}/configmaps?watch=true&resourceVersionMatch=NotOlderThan` },
  { path: `${core}/configmaps?watch=true&resourceVersion=abc` },
  { path: `${core}/configmaps/watched?watch=true`, readMs: 500 },
  { path: "/apis/none.example/v1/missing?watch=true" },
]);

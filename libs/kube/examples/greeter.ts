import * as kube from "@application-connector/kube";

const namespace = process.env["NAMESPACE"] ?? "default";
const client = kube.createClient(kube.loadCluster());
const informers = kube.createInformers(client);
const people = informers.informer(kube.configMaps, {
  namespace,
  labelSelector: "greet",
  keepManagedFieldsOf: "greeter",
});

const control = kube.startControl(client, {
  caches: [people],
  elector: kube.createLeaderElector(client, { namespace, name: "greeter" }),
  onFailure: (failure) => {
    console.error(failure);
    process.exit(1);
  },
  controllers: (guarded) => {
    const applier = kube.createApplier(guarded, { fieldManager: "greeter" });
    const reconcile: kube.Reconcile = async ({ name }, signal) => {
      const live = people.get(name, namespace);
      if (live === undefined) return;
      const desired = { metadata: kube.identityOf(live), data: { greeting: `Hello, ${name}!` } };
      await applier.apply(kube.configMaps, desired, { live, force: true, signal });
    };
    return [kube.createController({ name: "greeter", sources: [kube.objects(people)], reconcile })];
  },
});

process.once("SIGTERM", () => void control.stop().then(informers.stop).then(client.stop));

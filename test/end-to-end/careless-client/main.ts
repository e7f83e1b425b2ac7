/**
 * A program that uses @kubernetes/client-node as many do: lists pods so many times at once, in a context. Prints what
 * came of each as JSON: the pods' names, or the error's text.
 */
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

const [context = "", rounds = "1", atOnce = "1"] = process.argv.slice(2);

const list = (config: KubeConfig) =>
  config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: "default" })
    .then(
      ({ items }) => items.map(({ metadata }) => metadata?.name),
      (error: unknown) => String(error),
    );

const outcomes: unknown[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const config = new KubeConfig();
  config.loadFromFile(process.env["KUBECONFIG"] ?? "");
  config.setCurrentContext(context);
  outcomes.push(await Promise.all(Array.from({ length: Number(atOnce) }, () => list(config))));
}
process.stdout.write(JSON.stringify(outcomes));

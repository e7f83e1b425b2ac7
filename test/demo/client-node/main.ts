/** `kubectl get pods` by @kubernetes/client-node: `main.ts CONTEXT NAMESPACE`. Each call is a process, as kubectl is. */
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

const [context = "", namespace = ""] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromFile(process.env["KUBECONFIG"] ?? "");
config.setCurrentContext(context);
try {
  const pods = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
  process.stdout.write(`NAME\n${pods.items.map(({ metadata }) => `${metadata?.name}\n`).join("")}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

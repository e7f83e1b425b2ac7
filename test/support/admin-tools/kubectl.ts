import fs from "node:fs";
import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";

/** As much of kubectl as a plan needs: `apply -f FILE` and `get KIND NAME -o json`, by the context that is named. */

const words = process.argv.slice(2).flatMap((word) => (word.startsWith("--") ? word.split("=") : [word]));
const option = (...names: string[]) => {
  const at = words.findIndex((word) => names.includes(word));
  return at < 0 ? undefined : words[at + 1];
};

const KINDS: Readonly<Record<string, string>> = {
  rolebinding: "RoleBinding",
  clusterrolebinding: "ClusterRoleBinding",
};

if (words[0] === "version") {
  process.stdout.write("Client Version: v1.36.0\n");
} else {
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(option("--context") ?? "");
  const api = KubernetesObjectApi.makeApiClient(config);
  if (words[0] === "apply") {
    const documents = parseAllDocuments(fs.readFileSync(option("-f") ?? "", "utf8"));
    for (const document of documents) await apply(api, document.toJS() as KubernetesObject);
  } else if (words[0] === "get" && option("-o") === "json") {
    const [, kind = "", name = ""] = words.filter(
      (word, at) => !/^-/.test(word) && !/^-/.test(words[at - 1] ?? ""),
    );
    const apiVersion = kind.includes("role") ? "rbac.authorization.k8s.io/v1" : "v1";
    const namespace = option("-n") ?? "";
    const found = await api.read({ apiVersion, kind: KINDS[kind] ?? kind, metadata: { name, namespace } });
    process.stdout.write(JSON.stringify(found));
  } else throw new Error(`no stand-in for kubectl ${words.join(" ")}`);
}

async function apply(api: KubernetesObjectApi, object: KubernetesObject): Promise<void> {
  await api.patch(object, undefined, undefined, "stand-in", true, PatchStrategy.ServerSideApply);
}

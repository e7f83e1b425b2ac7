import fs from "node:fs";
import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { parseAllDocuments, stringify } from "yaml";

/** As much of kubectl as a plan needs, by the context that is named. */

const words = process.argv.slice(2).flatMap((word) => (word.startsWith("--") ? word.split("=") : [word]));
const option = (...names: string[]) => {
  const at = words.findIndex((word) => names.includes(word));
  return at < 0 ? undefined : words[at + 1];
};

const KINDS: Readonly<Record<string, string>> = {
  configmap: "ConfigMap",
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
  const { verb, kind, name } = named();
  const apiVersion = kind.includes("role") ? "rbac.authorization.k8s.io/v1" : "v1";
  const namespace = option("-n");
  const target = {
    apiVersion,
    kind: KINDS[kind] ?? kind,
    metadata: { name, ...(namespace && { namespace }) },
  };
  if (verb === "apply") {
    const documents = parseAllDocuments(fs.readFileSync(option("-f") ?? "", "utf8"));
    for (const document of documents) await apply(api, document.toJS() as KubernetesObject);
  } else if (verb === "get") {
    const found = await api.read(target as Parameters<typeof api.read>[0]);
    const format = option("-o");
    process.stdout.write(
      format === "jsonpath={.metadata.resourceVersion}"
        ? (found.metadata?.resourceVersion ?? "")
        : format === "yaml"
          ? stringify(found)
          : JSON.stringify(found),
    );
  } else if (verb === "patch") {
    const patch = JSON.parse(option("--patch") ?? "") as { readonly metadata?: object };
    const body = { ...target, ...patch, metadata: { ...target.metadata, ...patch.metadata } };
    const dryRun = option("--dry-run") === undefined ? undefined : "All";
    await api.patch(body, undefined, dryRun, "stand-in", undefined, PatchStrategy.MergePatch);
  } else if (verb === "create") {
    const role = option("--clusterrole") ?? "";
    await api.create({
      ...target,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: option("--group") }],
    } as KubernetesObject);
  } else throw new Error(`no stand-in for kubectl ${words.join(" ")}`);
}

/** The words that are neither options nor their values. */
function named() {
  const [verb = "", kind = "", name = ""] = words.filter(
    (word, at) => !word.startsWith("-") && !(words[at - 1] ?? "").startsWith("-"),
  );
  return { verb, kind, name };
}

async function apply(api: KubernetesObjectApi, object: KubernetesObject): Promise<void> {
  await api.patch(object, undefined, undefined, "stand-in", true, PatchStrategy.ServerSideApply);
}

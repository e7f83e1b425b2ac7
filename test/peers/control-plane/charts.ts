import fs from "node:fs";
import path from "node:path";

/** A chart of one object, named after its release. */
export type Chart = keyof typeof CHARTS;

const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", rules: [rule] };

const CHARTS = {
  "config-map": {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "{{ .Release.Name }}" },
    data: { color: "blue" },
  },
  role: { ...rbac, kind: "Role", metadata: { name: "{{ .Release.Name }}" } },
  "cluster-role": { ...rbac, kind: "ClusterRole", metadata: { name: "{{ .Release.Name }}" } },
};

/** Writes it into a folder of its own, and gives that. */
export function writeChart(folder: string, chart: Chart): string {
  const own = path.join(folder, "charts", chart);
  fs.mkdirSync(path.join(own, "templates"), { recursive: true });
  fs.writeFileSync(
    path.join(own, "Chart.yaml"),
    JSON.stringify({ apiVersion: "v2", name: chart, version: "1.0.0" }),
  );
  fs.writeFileSync(path.join(own, "templates", "object.yaml"), JSON.stringify(CHARTS[chart]));
  return own;
}

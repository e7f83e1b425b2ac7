import type { KubeObject } from "../../model.ts";

interface Column {
  readonly name: string;
  readonly type?: "string" | "integer" | "date";
  readonly format?: "name";
  /** Above zero: only with `-o wide`. */
  readonly priority?: number;
}

/** Rows as the server prints them for `kubectl get`. */
interface TableShape {
  readonly columns: readonly Column[];
  row(object: KubeObject, now: number): unknown[];
}

const NAME: Column = { name: "Name", format: "name" };
const AGE: Column = { name: "Age" };

const PODS: TableShape = {
  columns: [
    ...[NAME, { name: "Ready" }, { name: "Status" }, { name: "Restarts" }, AGE],
    ...["IP", "Node", "Nominated Node", "Readiness Gates"].map((name) => ({ name, priority: 1 })),
  ],
  row(pod, now) {
    const {
      phase = "Pending",
      podIP = "<none>",
      containerStatuses = [],
    } = (pod["status"] ?? {}) as PodStatus;
    const containers = (pod["spec"] as { containers?: unknown[] } | undefined)?.containers ?? [];
    const ready = containerStatuses.filter((one) => one.ready && one.state?.running !== undefined).length;
    const restarts = containerStatuses.reduce((sum, container) => sum + (container.restartCount ?? 0), 0);
    return [
      pod.metadata.name,
      `${ready}/${Math.max(containers.length, containerStatuses.length)}`,
      phase,
      String(restarts),
      ageOf(pod, now),
      podIP,
      (pod["spec"] as { nodeName?: string } | undefined)?.nodeName ?? "<none>",
      "<none>",
      "<none>",
    ];
  },
};

interface PodStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly containerStatuses?: readonly {
    ready?: boolean;
    restartCount?: number;
    state?: { running?: object };
  }[];
}

const NAMESPACES: TableShape = {
  columns: [NAME, { name: "Status" }, AGE],
  row: (namespace, now) => [
    namespace.metadata.name,
    (namespace["status"] as { phase?: string } | undefined)?.phase ?? "Active",
    ageOf(namespace, now),
  ],
};

const CONFIG_MAPS: TableShape = {
  columns: [NAME, { name: "Data", type: "integer" }, AGE],
  row: (map, now) => [map.metadata.name, Object.keys(map["data"] ?? {}).length, ageOf(map, now)],
};

const ROLES: TableShape = {
  columns: [NAME, { name: "Created At" }],
  row: (role) => [role.metadata.name, role.metadata.creationTimestamp],
};

const BINDINGS: TableShape = {
  columns: [NAME, { name: "Role" }, AGE],
  row(binding, now) {
    const { kind, name } = binding["roleRef"] as { kind: string; name: string };
    return [binding.metadata.name, `${kind}/${name}`, ageOf(binding, now)];
  },
};

const OTHERS: TableShape = {
  columns: [NAME, AGE],
  row: (object, now) => [object.metadata.name, ageOf(object, now)],
};

const SHAPES: Readonly<Record<string, TableShape>> = {
  Pod: PODS,
  Namespace: NAMESPACES,
  ConfigMap: CONFIG_MAPS,
  Role: ROLES,
  ClusterRole: ROLES,
  RoleBinding: BINDINGS,
  ClusterRoleBinding: BINDINGS,
};

/** A `meta.k8s.io/v1` Table. `now` is in epoch milliseconds; ages are counted from it. */
export function table(kind: string, objects: readonly KubeObject[], now: number): Record<string, unknown> {
  const shape = SHAPES[kind] ?? OTHERS;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    columnDefinitions: shape.columns.map(({ name, type = "string", format = "", priority = 0 }) => ({
      name,
      type,
      format,
      description: name,
      priority,
    })),
    rows: objects.map((object) => ({ cells: shape.row(object, now), object: partial(object) })),
  };
}

/** An object reduced to its metadata. */
export function partial({ metadata }: KubeObject): Record<string, unknown> {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

/** Kubernetes' short age: `5s`, `3m12s`, `26m`, `5h4m`, `2d3h`, `41d`, `3y10d`. */
function ageOf({ metadata }: KubeObject, now: number): string {
  const seconds = Math.floor((now - Date.parse(metadata.creationTimestamp ?? "")) / 1000);
  if (Number.isNaN(seconds)) return "<unknown>";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  if (days < 8) return withRest(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? withRest(years, "y", days % 365, "d") : `${years}y`;
}

function withRest(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`;
}

/**
 * Field numbers of the objects kubectl creates through typed clients. Source: kubernetes/api and apimachinery,
 * `generated.proto` of each group. Fields nobody of the lab sends are absent.
 */

export type FieldType =
  | "string"
  | "int"
  | "bool"
  | { readonly each: "string" | Message }
  | { readonly values: "string" | "bytes" | "strings" }
  | Message;

/** By field number. */
export type Message = Map<number, { readonly name: string; readonly type: FieldType }>;

/** Rows `number: [name, type]`; the type is a string when left out. */
function message(rows: Readonly<Record<number, string | readonly [string, FieldType]>>): Message {
  return new Map(
    Object.entries(rows).map(([number, row]) => {
      const [name, type]: readonly [string, FieldType] = typeof row === "string" ? [row, "string"] : row;
      return [Number(number), { name, type }];
    }),
  );
}

const STRINGS = { each: "string" } as const;
const STRING_MAP = { values: "string" } as const;

const METADATA = message({
  1: "name",
  2: "generateName",
  3: "namespace",
  5: "uid",
  6: "resourceVersion",
  11: ["labels", STRING_MAP],
  12: ["annotations", STRING_MAP],
  14: ["finalizers", STRINGS],
});

function object(rows: Parameters<typeof message>[0]): Message {
  return message({ 1: ["metadata", METADATA], ...rows });
}

const SELECTOR = message({ 1: ["matchLabels", STRING_MAP] });
const POLICY_RULE = message({
  1: ["verbs", STRINGS],
  2: ["apiGroups", STRINGS],
  3: ["resources", STRINGS],
  4: ["resourceNames", STRINGS],
  5: ["nonResourceURLs", STRINGS],
});
const RULES: readonly [string, FieldType] = ["rules", { each: POLICY_RULE }];
const BINDING = object({
  2: ["subjects", { each: message({ 1: "kind", 2: "apiGroup", 3: "name", 4: "namespace" }) }],
  3: ["roleRef", message({ 1: "apiGroup", 2: "kind", 3: "name" })],
});

const QUESTION = {
  1: [
    "resourceAttributes",
    message({
      1: "namespace",
      2: "verb",
      3: "group",
      4: "version",
      5: "resource",
      6: "subresource",
      7: "name",
    }),
  ],
  2: ["nonResourceAttributes", message({ 1: "path", 2: "verb" })],
} as const;
const ACCESS_REVIEW = object({
  2: [
    "spec",
    message({
      ...QUESTION,
      3: "user",
      4: ["groups", STRINGS],
      5: ["extra", { values: "strings" }],
      6: "uid",
    }),
  ],
});

const CONTAINER = message({ 1: "name", 2: "image", 3: ["command", STRINGS], 4: ["args", STRINGS] });
const POD_TEMPLATE = object({ 2: ["spec", message({ 2: ["containers", { each: CONTAINER }] })] });

/** By kind. */
export const MESSAGES: Readonly<Record<string, Message>> = {
  ConfigMap: object({
    2: ["data", STRING_MAP],
    3: ["binaryData", { values: "bytes" }],
    4: ["immutable", "bool"],
  }),
  Secret: object({ 2: ["data", { values: "bytes" }], 3: "type", 4: ["stringData", STRING_MAP] }),
  Namespace: object({}),
  ServiceAccount: object({}),
  Deployment: object({
    2: [
      "spec",
      message({ 1: ["replicas", "int"], 2: ["selector", SELECTOR], 3: ["template", POD_TEMPLATE] }),
    ],
  }),
  Role: object({ 2: RULES }),
  ClusterRole: object({
    2: RULES,
    3: ["aggregationRule", message({ 1: ["clusterRoleSelectors", { each: SELECTOR }] })],
  }),
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  DeleteOptions: message({ 4: "propagationPolicy", 5: ["dryRun", STRINGS] }),
  SelfSubjectReview: object({}),
  SelfSubjectAccessReview: object({ 2: ["spec", message(QUESTION)] }),
  SubjectAccessReview: ACCESS_REVIEW,
  LocalSubjectAccessReview: ACCESS_REVIEW,
  SelfSubjectRulesReview: object({ 2: ["spec", message({ 1: "namespace" })] }),
};

import assert from "node:assert/strict";
import { escalation } from "../../../lab/kube/authorization/escalation.ts";
import type { PolicyRule } from "../../../lab/model.ts";

const DAVE = { username: "dave", groups: ["devs", "system:authenticated"], extra: {} };
const HEAD =
  'user "dave" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n';
const PODS: PolicyRule = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] };

describe("the escalation check", () => {
  const allowed: Readonly<Record<string, readonly [held: PolicyRule, given: PolicyRule]>> = {
    "what one holds": [PODS, PODS],
    less: [PODS, { ...PODS, verbs: ["get"] }],
    "a single name of what one holds": [PODS, { ...PODS, resourceNames: ["a"] }],
    "anything when one holds *": [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, PODS],
    "a subresource when one holds */log": [
      { ...PODS, resources: ["*/log"] },
      { ...PODS, resources: ["pods/log"] },
    ],
    "a path below one's own": [
      { verbs: ["get"], nonResourceURLs: ["/logs/*"] },
      { verbs: ["get"], nonResourceURLs: ["/logs/a"] },
    ],
    nothing: [PODS, { verbs: ["get"], apiGroups: [""], resources: [] }],
  };
  for (const [name, [held, given]] of Object.entries(allowed)) {
    it(`lets one give ${name}`, () => assert.equal(escalation(DAVE, [held], [given]), undefined));
  }

  const refused: Readonly<
    Record<string, readonly [held: PolicyRule[], given: PolicyRule[], missing: string]>
  > = {
    everything: [
      [PODS],
      [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}',
    ],
    "more verbs, in one line": [
      [PODS],
      [{ ...PODS, verbs: ["get", "create", "delete"] }],
      '{APIGroups:[""], Resources:["pods"], Verbs:["create" "delete"]}',
    ],
    "two resources, in sorted lines": [
      [],
      [{ ...PODS, resources: ["secrets", "pods"] }],
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    ],
    "all names when one holds one": [
      [{ ...PODS, resourceNames: ["a"] }],
      [PODS],
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
    ],
    "a name one does not hold": [
      [{ ...PODS, resourceNames: ["a"] }],
      [{ ...PODS, verbs: ["get"], resourceNames: ["b"] }],
      '{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}',
    ],
    "a path": [
      [PODS],
      [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }],
      '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
    ],
  };
  for (const [name, [held, given, missing]] of Object.entries(refused)) {
    it(`does not let one give ${name}`, () => assert.equal(escalation(DAVE, held, given), HEAD + missing));
  }
});

import assert from "node:assert/strict";
import type { AskedOptions } from "../../../../plugin/commands/doctor/options.ts";
import { questionOf } from "../../../../plugin/commands/doctor/question.ts";
import type { VouchError } from "../../../../token/errors/errors.ts";
import { onPosix } from "../../../support/platform.ts";

const NOTHING: AskedOptions = {
  context: undefined,
  namespace: undefined,
  allNamespaces: false,
  for: undefined,
  error: undefined,
  principal: undefined,
  command: [],
  kubeconfig: undefined,
};

function question(changes: Partial<AskedOptions>, outcome?: Parameters<typeof questionOf>[1]["outcome"]) {
  return questionOf({ ...NOTHING, ...changes }, { outcome, contextNamespace: "web" });
}

describe("questionOf", () => {
  const LIST_PODS = { verb: "list", group: "", resource: "pods", namespace: "web" };

  it("asks for the pods of the context's namespace when nothing is said", () => {
    assert.deepEqual(question({}), { attempt: LIST_PODS });
  });

  it("asks nothing in particular where words of a failure say what was tried", () => {
    assert.deepEqual(question({}, { stderr: "error: no" }), { stderr: "error: no" });
  });

  it("asks for the pods of a namespace that is named alone", () => {
    assert.deepEqual(question({ namespace: "payments" }), {
      namespace: "payments",
      attempt: { verb: "list", group: "", resource: "pods", namespace: "payments" },
    });
  });

  it("takes the namespace of the context for an attempt that names none", () => {
    assert.deepEqual(question({ for: "list deployments" }).attempt, {
      verb: "list",
      group: "apps",
      resource: "deployments",
      namespace: "web",
    });
    assert.equal(question({ for: "list pods", namespace: "a" }).attempt?.namespace, "a");
    assert.equal(question({ for: "list pods -n a", namespace: "a" }).attempt?.namespace, "a");
    assert.equal(question({ for: "list pods -n b" }).attempt?.namespace, "b");
  });

  it("asks for the pods of all namespaces with -A, whatever namespace is named", () => {
    const everywhere = { verb: "list", group: "", resource: "pods" };
    assert.deepEqual(question({ allNamespaces: true }), { attempt: everywhere });
    assert.deepEqual(question({ allNamespaces: true, namespace: "payments" }), { attempt: everywhere });
    assert.deepEqual(question({ allNamespaces: true }, { stderr: "no" }), {
      stderr: "no",
      attempt: everywhere,
    });
    const deployments = { verb: "list", group: "apps", resource: "deployments" };
    assert.deepEqual(question({ allNamespaces: true, for: "list deployments" }), { attempt: deployments });
    assert.deepEqual(question({ allNamespaces: true, for: "list deployments -n b" }).attempt, {
      ...deployments,
      namespace: "b",
    });
  });

  it("keeps the command that was run, and how it ended", () => {
    const outcome = { command: "helm list -n web", exitCode: 1, stderr: "error: no" };
    assert.deepEqual(question({ command: ["helm", "list", "-n", "web"] }, outcome), outcome);
  });

  it("asks about somebody else by the ARN, in a context", () => {
    const principal = "arn:aws:iam::111122223333:role/team/Dev";
    assert.deepEqual(question({ principal, context: "lab" }), {
      principal,
      context: "lab",
      attempt: LIST_PODS,
    });
  });

  const NONSENSE: Readonly<Record<string, readonly [Partial<AskedOptions>, RegExp, RegExp]>> = {
    "a command of kubectl": [
      { for: "kubectl get pods" },
      /^kubectl in --for is not an API verb\. Verbs: get, list, .* and \*\.$/,
      /^To run a command, put it after --: `kubectl vouch doctor -- get pods`\./,
    ],
    "a command without kubectl before it": [
      { for: "describe pods web-0" },
      /describe in --for is not an API verb/,
      /`kubectl vouch doctor -- describe pods web-0`/,
    ],
    "a verb that there is not": [
      { for: "frobnicate pods" },
      /^frobnicate in --for is not an API verb\. Verbs: get, list, watch, create, update, patch, delete, deletecollection, /,
      /^Examples: /,
    ],
    "a verb that is mistyped": [
      { for: "lsit pods" },
      /lsit in --for is not an API verb/,
      /^Did you mean list\?/,
    ],
    "a method for a path that there is not": [
      { for: "watch /metrics" },
      /^watch in --for is not an API verb\.$/,
      /^Did you mean patch\?/,
    ],
    "a resource that is not built in": [
      { for: "get widgets" },
      /^--for: widgets is not a built-in resource; a custom one needs its API group \(widgets\.GROUP\)\.$/,
      /^Examples: /,
    ],
    "a namespace without its name": [{ for: "list secrets -n" }, /^-n in --for requires a namespace\.$/, /./],
    "a namespace that is a flag": [
      { for: "list secrets -n -A" },
      /^-n in --for requires a namespace\.$/,
      /./,
    ],
    "an empty namespace": [
      { for: "list secrets --namespace=" },
      /^--namespace in --for requires a namespace\.$/,
      /./,
    ],
    "no subresource": [
      { for: "get pods --subresource" },
      /^--subresource in --for requires a subresource\.$/,
      /./,
    ],
    "a slash without a name": [{ for: "get pod/" }, /^pod\/ in --for does not specify an object\.$/, /./],
    "a sentence": [
      { for: "get pods in namespace payments" },
      /^--for does not accept the word in\.$/,
      /^Did you mean `kubectl vouch doctor --for 'get pods -n payments'`\?$/,
    ],
    "a list with the name of an object": [
      { for: "list pods payments" },
      /^--for: list does not accept the name of an object \(payments\)\.$/,
      /'list pods -n payments'/,
    ],
    "a word that is no name": [{ for: "get pods for ada" }, /^--for does not accept the word for\.$/, /./],
    "two slashes": [{ for: "get pods//log" }, /^pods\/\/log in --for does not specify an object\.$/, /./],
    "an option that it does not take": [
      { for: "list pods --context x" },
      /^--for does not support --context\.$/,
      /./,
    ],
    "another namespace than -n": [
      { for: "list secrets -n a", namespace: "b" },
      /^--for specifies namespace a, but -n specifies b\.$/,
      /^Specify only one of them\.$/,
    ],
    "all namespaces beside -n": [
      { for: "list secrets -A", namespace: "b" },
      /^--for specifies all namespaces, but -n specifies b\.$/,
      /./,
    ],
  };
  for (const [what, [changes, message, hint]] of Object.entries(NONSENSE)) {
    onPosix("shell", `refuses ${what} in --for`, () => {
      assert.throws(
        () => question(changes),
        (error: VouchError) => {
          assert.equal(error.code, "usage");
          assert.match(error.message, message);
          assert.match(error.hint ?? "", hint);
          return true;
        },
      );
    });
  }

  for (const text of [
    ...["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*", "LIST"].map(
      (verb) => `${verb} pods`,
    ),
    "impersonate users/ada",
    "impersonate:user-info users/ada",
    "impersonate-on:user-info:list pods",
    "bind clusterroles/view",
    "escalate clusterroles/view",
    "use podsecuritypolicies.policy/x",
    "approve signers.certificates.k8s.io/kubernetes.io/kubelet-serving",
    "sign signers.certificates.k8s.io",
    "attest signers.certificates.k8s.io",
    "mirror widgets.example.com",
    "post /healthz",
    "get /",
    "list pods -nweb",
    "get pods/web-0 --subresource=log",
  ]) {
    it(`takes ${text}`, () => {
      assert.equal(question({ for: text }).attempt?.verb, text.split(" ")[0]?.toLowerCase());
    });
  }

  for (const changes of [
    { for: "pods" },
    { for: "" },
    { principal: "Dev" },
    { principal: "arn:aws:s3:::x" },
  ]) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      assert.throws(() => question(changes), { code: "usage" });
    });
  }
});

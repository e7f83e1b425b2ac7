import assert from "node:assert/strict";
import { describeWorkingWay, differencesOf } from "../../../../doctor/derive/client/working-ways.ts";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence, Observation } from "../../../../doctor/evidence/evidence.ts";
import { ENDPOINT, healthyBundle, kubeconfigText, unauthorized, without } from "../../support/bundle.ts";

const HERE = { differs: "from the terminal", exitCode: 0 };
const BEN = { Arn: "arn:aws:sts::111122223333:assumed-role/Admin/ben" };
const ADA = { Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada", UserId: "AROAEXAMPLEEXAMPLE123:ada" };

function waysOf(observation: Observation, changes: Partial<DoctorEvidence> = {}) {
  return deriveFacts(unauthorized({ otherObservations: [observation], ...changes })).workingWays;
}

/** A question that names this context, and two contexts in the kubeconfig. */
function asking(context: string | undefined): Partial<DoctorEvidence> {
  return {
    question: {
      command: context === undefined ? "kubectl get pods" : `kubectl --context ${context} get pods`,
      exitCode: 1,
      stderr: "error: You must be logged in to the server (Unauthorized)\n",
    },
  };
}

/** A kubeconfig whose cluster has this server. */
function kubeconfigOf(server: string): NonNullable<Observation["kubeconfig"]> {
  return { files: [{ path: "/other", text: kubeconfigText("{}").replace(ENDPOINT, server) }] };
}

describe("the other ways in which it works", () => {
  const COUNT: Readonly<Record<string, readonly [Observation, Partial<DoctorEvidence>?]>> = {
    "one of which only the success is known": [HERE],
    "one with the current context by name": [{ ...HERE, context: "lab" }],
    "one whose command has the context that was asked for": [
      { ...HERE, command: "kubectl get nodes --context=lab" },
      asking("lab"),
    ],
    "the same command, of which only the question has the context": [HERE, asking("billing")],
    "a view of the same, which names no context": [
      { ...HERE, command: "VS Code, Kubernetes view" },
      asking("billing"),
    ],
    "one with the current context, which was asked for": [
      { ...HERE, command: "kubectl get nodes" },
      asking("lab"),
    ],
    "one with a kubeconfig of its own for the same server": [
      { ...HERE, context: "lab", kubeconfig: kubeconfigOf(ENDPOINT) },
      asking(undefined),
    ],
    "one of today, in whatever words": [{ ...HERE, differs: "with AWS_PROFILE set before kubectl" }],
    "one of today, by a program that comes first": [
      { ...HERE, differs: "a kubectl that is earlier in PATH" },
    ],
    "one with a kubeconfig that cannot be read": [
      { ...HERE, kubeconfig: { files: [{ path: "/other", failed: "permission denied" }] } },
    ],
  };
  for (const [what, [observation, changes]] of Object.entries(COUNT)) {
    it(`count ${what}`, () => assert.equal(waysOf(observation, changes).length, 1));
  }

  const OTHERS: Readonly<Record<string, readonly [Observation, Partial<DoctorEvidence>?]>> = {
    "one that fails too": [{ ...HERE, exitCode: 1 }],
    "one without an exit status": [{ differs: "from the terminal" }],
    "another context": [{ ...HERE, context: "prod" }],
    "another context in its command": [{ ...HERE, command: "helm --kube-context prod list" }],
    "the current context, where another was asked for": [
      { ...HERE, command: "kubectl get pods" },
      asking("billing"),
    ],
    "a context by name, where nobody knows which is the current one": [
      { ...HERE, context: "lab" },
      { kubeconfig: { failed: "not looked at" } },
    ],
    "another server behind a context of the same name": [
      { ...HERE, kubeconfig: kubeconfigOf(ENDPOINT.replace("0123", "9999")) },
    ],
    "a command that asks AWS alone": [{ ...HERE, command: "aws sts get-caller-identity" }],
    "a command that reads the kubeconfig alone": [{ ...HERE, command: "kubectl config get-contexts" }],
    "what worked once": [{ ...HERE, differs: "from the terminal, yesterday" }],
    "what worked before": [{ ...HERE, differs: "the same until last Tuesday" }],
    "what worked some time ago": [{ ...HERE, differs: "two hours ago" }],
    "what worked earlier": [{ ...HERE, differs: "earlier today, same laptop" }],
    "what used to work": [{ ...HERE, differs: "it used to work" }],
    "what worked until now": [{ ...HERE, differs: "worked until this morning" }],
    "what worked before a change": [{ ...HERE, differs: "before the cluster upgrade it worked" }],
  };
  for (const [what, [observation, changes]] of Object.entries(OTHERS)) {
    it(`do not count ${what}`, () => assert.deepEqual(waysOf(observation, changes), []));
  }

  it("are the caller's own, somebody else's, or not known whose", () => {
    const identity = (observation: Partial<Observation>, changes: Partial<DoctorEvidence> = {}) =>
      waysOf({ ...HERE, ...observation }, changes)[0]?.isSameIdentity;
    assert.equal(identity({ callerIdentity: ADA }), true);
    assert.equal(identity({ callerIdentity: { Arn: ADA.Arn } }), true);
    assert.equal(identity({ callerIdentity: BEN }), false);
    assert.equal(identity({}), undefined);
    assert.equal(identity({ callerIdentity: { Arn: "nonsense" } }), undefined);
    assert.equal(identity({ callerIdentity: ADA }, { callerIdentity: { failed: "denied" } }), undefined);
  });

  it("are somebody else's after a role was recreated under its name", () => {
    const old = { ...ADA, UserId: "AROAOLDOLDOLDOLD12345:ada" };
    assert.equal(waysOf({ ...HERE, callerIdentity: old })[0]?.isSameIdentity, false);
  });

  it("are none where nobody tried, and ask for nothing then", () => {
    assert.deepEqual(deriveFacts(without(healthyBundle(), "callerIdentity", "kubeconfig")).workingWays, []);
  });

  it("keep the mapping from being the cause, if they are the caller's own and of this cluster", () => {
    const confidence = (observation: Observation) =>
      deriveFacts(unauthorized({ otherObservations: [observation] })).authFailureConfidence;
    const own = { ...HERE, callerIdentity: ADA };
    assert.equal(confidence({ ...own, context: "lab" }), undefined);
    assert.equal(confidence({ ...own, command: "kubectl --context lab get pods" }), undefined);
    assert.equal(confidence({ ...own, kubeconfig: kubeconfigOf(ENDPOINT) }), undefined);
    assert.equal(confidence(own), "likely", "of which cluster, nobody says");
    assert.equal(confidence({ ...own, kubeconfig: { files: [{ path: "/k", failed: "denied" }] } }), "likely");
    assert.equal(confidence({ ...HERE, callerIdentity: ADA, command: "aws eks list-clusters" }), "certain");
    assert.equal(confidence({ ...HERE, callerIdentity: BEN }), "certain");
    assert.equal(confidence(HERE), "certain");
  });
});

describe("describeWorkingWay", () => {
  it("says what is other, and who it is", () => {
    const say = (observation: Observation) => waysOf(observation).map(describeWorkingWay);
    assert.deepEqual(say({ ...HERE, differs: " Ben, on his laptop. ", callerIdentity: BEN }), [
      `It works another way: Ben, on his laptop, as ${BEN.Arn}.`,
    ]);
    assert.deepEqual(say(HERE), ["It works another way: from the terminal."]);
  });
});

describe("differencesOf", () => {
  function differences(there: Partial<Observation>, here: Partial<Observation>): readonly string[] {
    const [way] = waysOf({ ...HERE, ...there });
    assert.ok(way !== undefined);
    const { client, environment, kubeconfig } = here;
    return differencesOf(way, { client, environment, kubeconfig });
  }
  const PATH = "/usr/bin";

  it("names variables that steer how EKS is reached, without their values", () => {
    assert.deepEqual(
      differences(
        { environment: { PATH, AWS_PROFILE: "one", AWS_SECRET_ACCESS_KEY: "secret", EDITOR: "vi" } },
        { environment: { PATH, AWS_PROFILE: "two", HTTPS_PROXY: "http://p", EDITOR: "emacs" } },
      ),
      [
        "AWS_PROFILE has a different value where it works.",
        "AWS_SECRET_ACCESS_KEY is set only where it works.",
        "HTTPS_PROXY is set only where it fails.",
      ],
    );
  });

  it("concludes nothing from what a few lines of an environment lack", () => {
    const whole = { PATH, HTTPS_PROXY: "http://p", HOME: "/home/ada" };
    assert.deepEqual(differences({ environment: { HOME: "/home/ada" } }, { environment: whole }), []);
    assert.deepEqual(differences({ environment: whole }, { environment: { HOME: "/root" } }), [
      "HOME has a different value where it works.",
    ]);
    assert.deepEqual(differences({ environment: whole }, {}), []);
  });

  it("takes two masked values, and an empty one and none, for the same", () => {
    const masked = { PATH, AWS_SECRET_ACCESS_KEY: "***", AWS_PROFILE: "" };
    assert.deepEqual(
      differences({ environment: masked }, { environment: { PATH, AWS_SECRET_ACCESS_KEY: "***" } }),
      [],
    );
  });

  it("compares version and path of the same program, and the kubeconfig's files", () => {
    const kubeconfig = (...paths: readonly string[]) => ({
      files: paths.map((path) => ({ path, text: "" })),
    });
    assert.deepEqual(
      differences(
        { client: { name: "kubectl", version: "v1.34", path: "/a" }, kubeconfig: kubeconfig("/one") },
        { client: { name: "kubectl", version: "v1.28", path: "/b" }, kubeconfig: kubeconfig("/one", "/two") },
      ),
      [
        "kubectl's version is v1.28 where it fails, but v1.34 where it works.",
        "kubectl's path is /b where it fails, but /a where it works.",
        "It reads /one, /two where it fails, but /one where it works.",
      ],
    );
    assert.deepEqual(
      differences(
        { client: { name: "helm", version: "v3" }, kubeconfig: kubeconfig("/one") },
        { client: { name: "kubectl", version: "v1.28" }, kubeconfig: kubeconfig("/one") },
      ),
      [],
    );
  });
});

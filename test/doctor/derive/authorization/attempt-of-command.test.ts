import assert from "node:assert/strict";
import { formatAttempt } from "../../../../doctor/derive/authorization/access-request.ts";
import { attemptOfCommand } from "../../../../doctor/derive/authorization/attempt-of-command.ts";

/** What each command of kubectl 1.36 asks the API server for, as `-v=6` shows it. */
const COMMANDS: Readonly<Record<string, string | undefined>> = {
  "kubectl get pods": "list pods -n default",
  "kubectl get pods -n web": "list pods -n web",
  "kubectl get -o wide pods,services -n web": "list pods -n web",
  "kubectl get pod web-0": "get pods -n default",
  "kubectl get deploy/web -n web": "get deployments.apps -n web",
  "kubectl get pods -A": "list pods -A",
  "kubectl get nodes": "list nodes -A",
  "/usr/local/bin/kubectl --context lab delete pod web-0": "delete pods -n default",
  "kubectl logs -f web-0 -n web": "get pods --subresource log -n web",
  "kubectl exec -it web-0 -n web -- sh": "create pods --subresource exec -n web",
  "kubectl port-forward svc/web 8080:80": "create pods --subresource portforward -n default",
  "kubectl rollout restart deployment/web -n web": "patch deployments.apps -n web",
  "kubectl rollout restart -n web deploy web": "patch deployments.apps -n web",
  "kubectl rollout": undefined,
  "kubectl rollout status sts/db -n web": "list statefulsets.apps -n web",
  "kubectl set image deploy/web app=web:2 -n web": "patch deployments.apps -n web",
  "kubectl scale deployment web --replicas=3 -n web": "patch deployments.apps --subresource scale -n web",
  "kubectl debug web-0 -n web": "patch pods --subresource ephemeralcontainers -n web",
  "kubectl debug node/ip-10-0-0-1.ec2.internal -it --image=busybox": "create pods -n default",
  "kubectl run web --image=nginx -n web": "create pods -n web",
  "kubectl expose deploy web --port=80 -n web": "create services -n web",
  "kubectl create token deployer -n web": "create serviceaccounts --subresource token -n web",
  "kubectl create rolebinding bob --clusterrole=view --user=bob -n web":
    "create rolebindings.rbac.authorization.k8s.io -n web",
  "kubectl top pods -n web": "list pods.metrics.k8s.io -n web",
  "kubectl cordon ip-10-0-1-7 -n web": "patch nodes -A",
  "kubectl delete namespace shop -n web": "delete namespaces/shop -n shop",
  "kubectl get ns": "list namespaces -A",
  "kubectl apply -f web.yaml": undefined,
  "kubectl get pods -n $NS": undefined,
  "kubectl version": undefined,
  "helm list": "list secrets -n default",
  "helm upgrade --install web ./web -n web": "create deployments.apps -n web",
  "helm version": undefined,
};

describe("the request of a command", () => {
  for (const [command, request] of Object.entries(COMMANDS))
    it(`is ${request ?? "not known"}: ${command}`, () => {
      const attempt = attemptOfCommand({ question: { command }, context: undefined });
      assert.equal(attempt && formatAttempt(attempt), request);
    });

  it("is in the namespace of the context", () => {
    const attempt = attemptOfCommand({
      question: { command: "kubectl get pods" },
      context: { namespace: "web" },
    });
    assert.equal(attempt?.namespace, "web");
  });
});

import assert from "node:assert/strict";
import { asksApiServer, surelyAsksApiServer } from "../../../../doctor/derive/client/api-call.ts";

describe("asksApiServer", () => {
  for (const command of [
    "",
    "kubectl get pods -n web",
    "kubectl --context billing get pods",
    "kubectl -n config get pods",
    "kubectl version",
    "cd ~ && kubectl get pods",
    "aws eks update-kubeconfig --name lab && kubectl get pods",
    "aws sso login; kubectl get pods | head",
    "AWS_PROFILE=admin sudo /usr/local/bin/kubectl get nodes",
    "C:\\tools\\kubectl.exe get nodes",
    "kubectl get pods;",
    "sudo -E kubectl get nodes",
    "kubectl --insecure-skip-tls-verify get pods",
    "helm -n web list",
    "terraform plan",
    "VS Code, Kubernetes view, cluster warehouse",
    "python report.py",
  ])
    it(`may be so for ${JSON.stringify(command)}`, () => assert.equal(asksApiServer(command), true));

  for (const command of [
    "aws sts get-caller-identity",
    "aws eks describe-cluster --name lab",
    "AWS_PROFILE=admin aws eks get-token --cluster-name lab | jq .status",
    "kubectl get pods && aws sts get-caller-identity",
    "eksctl get cluster",
    "/usr/bin/curl -k https://example.com/livez",
    "kubectl config view",
    "kubectl --context lab config current-context",
    "env | grep AWS",
    "kubectl get pods --help",
    "kubectl create deployment web --image web --dry-run=client -o yaml",
    "kubectl kuberc view",
    "helm --version",
    "AWS_PROFILE=admin",
    "kubectl --insecure-skip-tls-verify config view",
    "kubectl version --client",
    "kubectl --context lab version --client",
    "helm template ./chart",
    "tofu validate",
    "cd ~",
  ])
    it(`is not so for ${JSON.stringify(command)}`, () => assert.equal(asksApiServer(command), false));
});

describe("surelyAsksApiServer", () => {
  for (const command of ["kubectl get pods -n web", "AWS_PROFILE=dev /usr/bin/helm list | head"])
    it(`is so for ${JSON.stringify(command)}`, () => assert.equal(surelyAsksApiServer(command), true));
  for (const command of [
    "",
    "./deploy.sh",
    "make",
    "terraform plan",
    "kubectl --help",
    "kubectl config view",
  ])
    it(`is not so for ${JSON.stringify(command)}`, () => assert.equal(surelyAsksApiServer(command), false));
});

import fs from "node:fs";
import path from "node:path";
import { accessPolicy, addEntry } from "../aws/world.ts";
import { LAB_REGION } from "../lab.ts";
import { makeLabCa } from "../tls.ts";
import { editContext, readKubeconfig, writeKubeconfig } from "./kubeconfig-edit.ts";
import { CONTEXTS, type LabFault, UNAUTHORIZED } from "./lab-fault.ts";
import { GRACE as GRACE_USER } from "./lab-people.ts";
import { addAccountRole, developer } from "./lab-sessions.ts";
import { updateKubeconfig } from "./update-kubeconfig.ts";

const GRACE = CONTEXTS.grace;
const THE_LAB = { CLUSTER: "lab", REGION: LAB_REGION };
const OURS = CONTEXTS.ours;

/** Rows K: the contents of kubeconfig files, and how the plugin starts. */
export const KUBECONFIG_FAULTS: readonly LabFault[] = [
  {
    row: "K1",
    name: "the plugin is not on the PATH of this process",
    context: GRACE,
    breakIt: ({ env, folder }) => {
      env["PATH"] = withoutProgram(
        "aws",
        (env["PATH"] ?? "").split(":"),
        path.join(folder, "without-aws"),
      ).join(":");
    },
    says: /executable aws not found/,
    fix: { printed: /full path/, fill: ({ aws }) => ({ "/PATH/TO/aws": aws }) },
  },
  {
    row: "K2",
    name: "the exec block is of a version that kubectl dropped",
    context: GRACE,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, GRACE, ({ exec }) => {
        exec.apiVersion = "client.authentication.k8s.io/v1alpha1";
      }),
    says: /invalid apiVersion "client\.authentication\.k8s\.io\/v1alpha1"/,
  },
  {
    row: "K3",
    name: "an old plugin answers a version of its own",
    context: GRACE,
    breakIt: ({ kubeconfig, folder }) => {
      const old = path.join(folder, "bin", "aws-iam-authenticator");
      const args = ["eks", "--region", LAB_REGION, "get-token", "--cluster-name", "lab", "--output", "json"];
      const answer = `env -u KUBERNETES_EXEC_INFO aws ${args.join(" ")}`;
      const version = 'case "$*" in *version*) echo \'{"Version":"v0.5.3"}\'; exit;; esac';
      fs.writeFileSync(old, `#!/bin/sh\n${version}\nexec ${answer}\n`, { mode: 0o755 });
      editContext(kubeconfig, GRACE, ({ exec }) => {
        exec.apiVersion = "client.authentication.k8s.io/v1";
        exec.interactiveMode = "Never";
        exec.command = "aws-iam-authenticator";
        exec.args = ["token", "-i", "lab"];
      });
    },
    says: /exec plugin is configured to use API version .*v1, plugin returned version .*v1beta1/,
  },
  {
    row: "K4",
    name: "an exec block of v1 does not say how it may ask",
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, OURS, ({ exec }) => {
        delete exec.interactiveMode;
      }),
    says: /interactiveMode must be specified for/,
  },
  {
    row: "K5",
    name: "kuberc allows other plugins only",
    breakIt: ({ lab }) => {
      const kuberc = {
        apiVersion: "kubectl.config.k8s.io/v1beta1",
        kind: "Preference",
        credentialPluginPolicy: "Allowlist",
        credentialPluginAllowlist: [{ command: "aws" }],
      };
      fs.writeFileSync(path.join(lab.home, ".kube", "kuberc"), JSON.stringify(kuberc));
    },
    says: /is not permitted by the credential plugin allowlist/,
  },
  {
    row: "K6",
    name: "the AWS CLI prints text, not JSON",
    context: GRACE,
    breakIt: ({ kubeconfig, env }) => {
      env["AWS_DEFAULT_OUTPUT"] = "text";
      editContext(kubeconfig, GRACE, ({ exec }) => {
        exec.args = exec.args.filter((word) => word !== "--output" && word !== "json");
      });
    },
    says: /decoding stdout: couldn't get version\/kind/,
  },
  {
    row: "K6",
    name: "a script around the plugin goes on without a token",
    context: GRACE,
    breakIt: ({ kubeconfig, folder }) => {
      const script = path.join(folder, "bin", "get-token");
      fs.writeFileSync(script, tokenScript("TOKEN=$(aws eks get-tokens 2>/dev/null)"), { mode: 0o755 });
      editContext(kubeconfig, GRACE, ({ exec }) => {
        exec.command = script;
        exec.args = [];
      });
    },
    says: /exec plugin didn't return a token or cert\/key pair/,
    fix: {
      says: /Run the command that fetches the token for this script by itself/,
      byHand: ({ folder }) =>
        fs.writeFileSync(
          path.join(folder, "bin", "get-token"),
          `#!/bin/sh\nexec aws eks get-token --region ${LAB_REGION} --cluster-name lab --output json\n`,
        ),
    },
  },
  {
    row: "K7",
    name: "another file has the word about the current context",
    breakIt: ({ kubeconfig, env, folder }) => {
      const first = path.join(folder, "first.yaml");
      const config = readKubeconfig(kubeconfig);
      const old = { name: "old", cluster: { server: "https://127.0.0.1:1" } };
      const users = [{ name: "old", user: { token: "k8s-aws-v1.b2xk" } }];
      const contexts = [{ name: "old", context: { cluster: "old", user: "old" } }];
      writeKubeconfig(first, { ...config, "current-context": "old", clusters: [old], contexts, users });
      env["KUBECONFIG"] = `${first}:${kubeconfig}`;
    },
    command: ["kubectl", "get", "pods"],
    says: /connection to the server 127\.0\.0\.1:1 was refused/,
    asking: "pastes",
  },
  {
    row: "K8",
    name: "an earlier file has a user of the same name",
    breakIt: ({ kubeconfig, env, folder, lab }) => {
      const first = path.join(folder, "first.yaml");
      const config = readKubeconfig(kubeconfig);
      addAccountRole(lab, "Leavers", { trust: developer(lab).trust });
      writeKubeconfig(first, { users: config.users, clusters: [], contexts: [] });
      env["KUBECONFIG"] = `${first}:${kubeconfig}`;
      editUsers(first, (args) => args.map((word) => word.replace(/role\/VouchDeveloper$/, "role/Leavers")));
    },
    says: UNAUTHORIZED,
  },
  {
    row: "K9",
    name: "two roles share the user that the AWS CLI names after the cluster",
    context: "labadmins",
    breakIt: async ({ lab, run }) => {
      lab.world.users.get(GRACE_USER)?.allows.push({ actions: ["sts:AssumeRole"], resources: ["*"] });
      for (const [name, policy] of [
        ["LabAdmins", accessPolicy("AmazonEKSClusterAdminPolicy")],
        ["LabViewers", accessPolicy("AmazonEKSViewPolicy", ["default"])],
      ] as const) {
        const role = addAccountRole(lab, name);
        addEntry(lab.cluster, role, { policies: [policy] });
        const more = ["--role-arn", role.arn, "--alias", name.toLowerCase()];
        await run(updateKubeconfig(LAB_REGION, more));
      }
    },
    tries: ["get", "nodes"],
    says: /nodes is forbidden/,
    fix: {
      printed: /Write each context with its own user entry/,
      fill: () => ({ ROLE_ARN: "arn:aws:iam::111122223333:role/LabAdmins" }),
    },
  },
  {
    row: "K10",
    name: "the token is asked for another cluster's name",
    context: GRACE,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, GRACE, ({ exec }) => {
        exec.args = exec.args.map((word) => (word === "lab" ? "lab-old" : word));
      }),
    says: UNAUTHORIZED,
  },
  {
    row: "K11",
    name: "a pasted token stands beside the exec block",
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, OURS, ({ user }) => {
        user["token"] = "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtZWFzdC0xLmFtYXpvbmF3cy5jb20v";
      }),
    says: UNAUTHORIZED,
  },
  {
    row: "K11",
    name: "a client certificate stands beside the exec block",
    context: GRACE,
    breakIt: async ({ kubeconfig }) => {
      const { cert, key } = await (await makeLabCa("another")).issue(["bob"]);
      editContext(kubeconfig, GRACE, ({ user }) => {
        user["client-certificate-data"] = Buffer.from(cert).toString("base64");
        user["client-key-data"] = Buffer.from(key).toString("base64");
      });
    },
    says: UNAUTHORIZED,
    asking: "looks",
  },
  {
    row: "K13",
    name: "the proxy of the entry has no scheme",
    context: GRACE,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, GRACE, ({ cluster }) => {
        cluster["proxy-url"] = "127.0.0.1:3128";
      }),
    says: /invalid 'proxy-url'/,
    asking: "looks",
    fix: {
      says: /--proxy-url=http:\/\/127\.0\.0\.1:3128/,
      byHand: ({ kubeconfig }) =>
        editContext(kubeconfig, GRACE, ({ cluster }) => void delete cluster["proxy-url"]),
    },
  },
  {
    row: "K13",
    name: "the kubeconfig is broken",
    breakIt: ({ kubeconfig, env }) => {
      env["AWS_PROFILE"] = "grace";
      fs.appendFileSync(kubeconfig, "\n  - half: [a line\n");
    },
    says: /error loading config file/,
    asking: "pastes",
    fix: { printed: /move the file aside/, fill: () => THE_LAB },
    works: ["kubectl", "get", "pods"],
  },
  {
    row: "K14",
    name: "there is no kubeconfig where KUBECONFIG points",
    breakIt: ({ env, lab }) => {
      env["AWS_PROFILE"] = "grace";
      env["KUBECONFIG"] = path.join(lab.home, "nowhere", "config");
    },
    command: ["kubectl", "get", "pods"],
    says: /connection to the server localhost:8080 was refused/,
    asking: "pastes",
    fix: { printed: /./, fill: () => THE_LAB },
  },
  {
    row: "K15",
    name: "the context names a user that is not there",
    context: GRACE,
    breakIt: ({ kubeconfig, env }) => {
      env["AWS_PROFILE"] = "grace";
      editContext(kubeconfig, GRACE, ({ context }) => {
        context["user"] = "grace-of-old";
      });
    },
    says: /Unauthorized|Please enter Username|provide credentials/,
  },
  {
    row: "K16",
    name: "the AWS CLI is broken",
    context: GRACE,
    breakIt: ({ env, folder }) => {
      const broken = path.join(folder, "python", "botocore");
      fs.mkdirSync(broken, { recursive: true });
      fs.writeFileSync(path.join(broken, "__init__.py"), "");
      env["PYTHONPATH"] = path.dirname(broken);
    },
    says: /Traceback[\s\S]*executable aws failed with exit code 1/,
    fix: { says: /Reinstall the AWS CLI/, byHand: ({ env }) => void delete env["PYTHONPATH"] },
  },
  {
    row: "K17",
    name: "a stray word stands in the arguments of the plugin",
    context: GRACE,
    breakIt: ({ kubeconfig }) => editContext(kubeconfig, GRACE, ({ exec }) => void exec.args.push("lab")),
    says: /executable aws failed with exit code/,
  },
  {
    row: "K18",
    name: "the context calls the server over plain HTTP",
    context: GRACE,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, GRACE, ({ cluster }) => {
        cluster["server"] = String(cluster["server"]).replace("https:", "http:");
      }),
    says: /the server rejected our request for an unknown reason/,
  },
];

function editUsers(file: string, change: (args: string[]) => string[]): void {
  const config = readKubeconfig(file);
  for (const { user } of config.users) {
    const exec = user["exec"] as { args: string[] };
    exec.args = change(exec.args);
  }
  writeKubeconfig(file, config);
}

/** Folders of programs as if one were nowhere installed: where it is, links to all others stand for the folder. */
function withoutProgram(name: string, folders: readonly string[], links: string): string[] {
  return folders.map((folder, index) => {
    if (!fs.existsSync(path.join(folder, name))) return folder;
    const own = `${links}-${index}`;
    fs.rmSync(own, { recursive: true, force: true });
    fs.mkdirSync(own);
    for (const other of fs.readdirSync(folder))
      if (other !== name) fs.symlinkSync(path.join(folder, other), path.join(own, other));
    return own;
  });
}

/** Prints an ExecCredential, whether it got a token or not. */
function tokenScript(getToken: string): string {
  const answer =
    '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}';
  return `#!/bin/sh\n${getToken}\nprintf '${answer}' "$TOKEN"\n`;
}

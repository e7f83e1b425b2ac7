/**
 * The programs that people use with a cluster, each through our exec plugin, on the real API server: helm 3 and 4 with the
 * access policies for people, Kubernetes' own clients for Python and JavaScript, and stern, which is built on client-go.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CONTEXT, type LabPerson, labPerson, succeeded } from "../../end-to-end/lab-person.ts";
import { accessPolicy } from "../../lab/aws/world.ts";
import { startLab } from "../../lab/lab.ts";
import { awsCli } from "../aws-cli/programs.ts";
import { goProgram } from "../go/programs.ts";
import { fetchHelm } from "../kubectl/fetch.ts";
import { type Chart, writeChart } from "./charts.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const USER = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

/** `secrets is forbidden: User "…" cannot list resource "secrets" …`: what a refused caller reads. */
function forbidden(verb: string, resource: string, where = 'in the namespace "team-a"'): RegExp {
  const [name = "", group = ""] = resource.split(/\.(.*)/);
  const said = `${resource}(?: ".*")? is forbidden: User "${USER}" cannot ${verb} resource "${name}" in API group "${group}" ${where}`;
  return new RegExp(said.replaceAll(/[.[\]/]/g, "\\$&").replace("\\.*", ".*"));
}

describe("programs that people use with a cluster", () => {
  let person: LabPerson;
  before(async () => {
    person = labPerson(await startLab());
    await person.logIn();
    await person.setUp();
  });
  after(() => person.lab.close());

  const allow = (policy: string, ...namespaces: string[]) => {
    person.lab.entry.policies = [accessPolicy(policy, namespaces)];
  };
  const kubeconfig = () => path.join(person.lab.home, ".kube", "config");

  const helms = {
    "3": {
      program: async () => goProgram("helm"),
      noNamespace: { verb: "create", where: "at the cluster scope", whereNew: "at the cluster scope" },
    },
    // It applies the namespace.
    "4": {
      program: () => fetchHelm("v36"),
      noNamespace: {
        verb: "patch",
        where: 'in the namespace "team-a"',
        whereNew: 'in the namespace "team-new"',
      },
    },
  };
  for (const [version, { program, noNamespace }] of Object.entries(helms)) {
    describe(`helm ${version}`, () => {
      let helmProgram = "";
      before(async () => {
        helmProgram = await program();
      });

      const helm = (words: string, chart?: Chart) =>
        person.run(
          [
            helmProgram,
            ...["--kube-context", CONTEXT, "--namespace", "team-a"],
            ...words.split(" "),
            ...(chart === undefined ? [] : [writeChart(person.folder, chart)]),
          ],
          { env: helmFolders(person.folder) },
        );
      const web = `web-${version}`;
      const other = `other-${version}`;
      const ofItsOwn = forbidden(noNamespace.verb, "namespaces", noNamespace.where);
      const refused = async (words: string, why: RegExp, chart?: Chart) => {
        const { status, stderr } = await helm(words, chart);
        assert.deepEqual(
          { status, why: why.exec(stderr)?.[0] !== undefined },
          { status: 1, why: true },
          stderr,
        );
      };

      it("lists and installs nothing with AmazonEKSViewPolicy, which leaves secrets out", async () => {
        allow("AmazonEKSViewPolicy", "default", "team-*");
        await refused("list", forbidden("list", "secrets"));
        for (const more of ["", " --create-namespace"])
          await refused(`upgrade --install ${web}${more}`, forbidden("list", "secrets"), "config-map");
        await refused(`install ${web}`, forbidden("create", "secrets"), "config-map");
      });

      it("installs and upgrades with AmazonEKSEditPolicy, but makes neither namespaces nor roles", async () => {
        allow("AmazonEKSEditPolicy", "team-*");
        succeeded(await helm(`install ${web}`, "config-map"));
        succeeded(await helm(`upgrade ${web}`, "config-map"));
        succeeded(await helm(`upgrade --install --create-namespace ${web}`, "config-map"));
        assert.match(succeeded(await helm("list --short")), new RegExp(`^${web}$`, "m"));
        await refused(`install ${other} --create-namespace`, ofItsOwn, "config-map");
        await refused(`install ${other}-role`, forbidden("get", "roles.rbac.authorization.k8s.io"), "role");
        await refused("list --all-namespaces", forbidden("list", "secrets", "at the cluster scope"));
        succeeded(await helm(`uninstall ${web}`));
      });

      it("needs the namespace to be there, and nothing of it is in one outside of the scope", async () => {
        allow("AmazonEKSEditPolicy", "team-*");
        const install = `upgrade --install ${web} --namespace`;
        const noTeam = forbidden(noNamespace.verb, "namespaces", noNamespace.whereNew);
        await refused(`${install} team-new`, /namespaces "team-new" not found/, "config-map");
        await refused(`${install} team-new --create-namespace`, noTeam, "config-map");
        const notMine = forbidden("list", "secrets", 'in the namespace "other"');
        await refused(`${install} other --create-namespace`, notMine, "config-map");
      });

      it("installs with AmazonEKSAdminPolicy, but makes no role: it does not count where Kubernetes asks who may grant", async () => {
        allow("AmazonEKSAdminPolicy", "team-*");
        succeeded(await helm(`install ${web}`, "config-map"));
        succeeded(await helm(`upgrade ${web}`, "config-map"));
        succeeded(await helm(`uninstall ${web}`));
        await refused(`install ${other} --create-namespace`, ofItsOwn, "config-map");
        await refused(
          `install ${other}-admin`,
          /is attempting to grant RBAC permissions not currently held/,
          "role",
        );
      });

      it("does all that with AmazonEKSClusterAdminPolicy", async () => {
        allow("AmazonEKSClusterAdminPolicy");
        succeeded(
          await helm(`install ${web} --namespace team-${version} --create-namespace`, "cluster-role"),
        );
        succeeded(await helm(`upgrade ${web} --namespace team-${version}`, "cluster-role"));
        succeeded(await helm(`uninstall ${web} --namespace team-${version}`));
      });
    });
  }

  describe("Kubernetes' client", () => {
    const SCRIPTS = {
      Python: (): readonly [string, string] => [
        awsCli(1).python,
        `
from kubernetes import client, config, watch
api = client.CoreV1Api(config.new_client_from_config(config_file=${JSON.stringify(kubeconfig())}, context="${CONTEXT}"))
print(len(api.list_namespaced_pod("default").items))
print(next(watch.Watch().stream(api.list_namespaced_pod, "default", timeout_seconds=5))["type"])
try:
    api.list_namespaced_secret("default")
except client.ApiException as refused:
    print(refused.status)
`,
      ],
      JavaScript: (): readonly [string, string] => [
        process.execPath,
        `
import { CoreV1Api, KubeConfig, Watch } from "@kubernetes/client-node";
const config = new KubeConfig();
config.loadFromFile(${JSON.stringify(kubeconfig())});
config.setCurrentContext(${JSON.stringify(CONTEXT)});
const api = config.makeApiClient(CoreV1Api);
console.log((await api.listNamespacedPod({ namespace: "default" })).items.length);
const type = await new Promise((resolve, reject) => {
  const path = "/api/v1/namespaces/default/pods";
  new Watch(config).watch(path, { timeoutSeconds: 5 }, resolve, reject).catch(reject);
});
console.log(type);
try {
  await api.listNamespacedSecret({ namespace: "default" });
} catch (refused) {
  console.log(refused.code);
}
process.exit(0);
`,
      ],
    };
    for (const [language, script] of Object.entries(SCRIPTS)) {
      it(`of ${language} lists, watches, and is told what it may not`, async () => {
        allow("AmazonEKSViewPolicy", "default");
        const [program, text] = script();
        const file = path.join(ROOT, "node_modules", ".cache", `client-${language}.mjs`);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
        assert.equal(succeeded(await person.run([program, file])), "2\nADDED\n403\n");
      });
    }
  });

  describe("stern", () => {
    const stern = (...words: string[]) =>
      person.run([goProgram("stern"), "--context", CONTEXT, "--color", "never", ...words, "."]);

    it("finds the pods whose logs it may read", async () => {
      allow("AmazonEKSViewPolicy", "default");
      const { cluster, kube } = person.lab;
      kube.get(cluster.arn)?.clearRequests();
      succeeded(await stern("--namespace", "default", "--no-follow"));
      // There is no node, and so nothing in them.
      const logs = kube.get(cluster.arn)?.requests.filter((one) => /\/pods\/[^/]+\/log\b/.test(one.path));
      assert.deepEqual(
        logs?.map(({ status }) => status),
        [204, 204],
      );
    });

    it("says why it may not", async () => {
      allow("AmazonEKSViewPolicy", "default");
      const { status, stderr } = await stern("--namespace", "payments", "--no-follow");
      assert.notEqual(status, 0);
      assert.match(stderr, forbidden("list", "pods", 'in the namespace "payments"'));
    });
  });
});

/** Nothing of helm's is left outside the test's own folder. */
function helmFolders(folder: string): Record<string, string> {
  const at = (name: string) => path.join(folder, "helm", name);
  return { HELM_CACHE_HOME: at("cache"), HELM_CONFIG_HOME: at("config"), HELM_DATA_HOME: at("data") };
}

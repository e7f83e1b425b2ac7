import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const SNAP = { name: "flux", path: "/snap/bin/flux" };
const NOT_FOUND = {
  exitCode: 1,
  stderr: "Unable to connect to the server: getting credentials: exec: executable aws not found\n",
};

const LENS = { name: "freelens", graphical: true };

/** What was said, and nothing else. */
function told(stderr: string, command = ""): DoctorEvidence {
  const { apiVersion, kind } = healthyBundle();
  return { apiVersion, kind, question: { command, stderr, exitCode: 1 } };
}

testRule("plugin/client-confined", "L14", {
  likely: {
    "a Flatpak misses it": {
      on: [
        healthyBundle({
          environment: { FLATPAK_ID: "app.freelens.Freelens" },
          client: LENS,
          question: NOT_FOUND,
        }),
        healthyBundle({ client: { ...LENS, path: "/var/lib/flatpak/app/x/lens" }, question: NOT_FOUND }),
        told("Freelens, from Flathub: Error: spawn aws ENOENT"),
        told(
          'Unable to locate credentials. You can configure credentials by running "aws configure".\ngetting credentials: exec: executable aws failed with exit code 253\nInstalled with flatpak, the shell is fine.',
        ),
      ],
      commands: [],
      description: /from a package that is not sandboxed: its \.deb, \.rpm, AppImage or archive\.$/,
    },
    "a snap by its command, its home, or a path in its error": {
      on: [
        told("getting credentials: exec: executable aws not found", "/snap/bin/flux get all"),
        {
          ...told("getting credentials: exec: executable aws not found"),
          environment: { HOME: "/home/ada/snap/flux/12" },
        },
        told(
          "getting credentials: exec: fork/exec /usr/local/bin/aws: permission denied\nopen /home/ada/snap/flux/12/.aws/config: no such file or directory",
        ),
      ],
      commands: ["sudo snap remove flux", "sudo snap install flux --classic"],
    },
    "any snap, of which a case says that it is the client": {
      on: told("getting credentials: exec: executable aws not found", "/snap/bin/evil get pods"),
      commands: [],
    },
  },
  possible: {
    "a snap of kubectl, which is mostly classic": told(
      "getting credentials: exec: fork/exec /usr/local/bin/aws: permission denied",
      "/snap/bin/kubectl get pods",
    ),
    "the shell has it neither": healthyBundle({
      client: SNAP,
      question: NOT_FOUND,
      execCommand: { command: "aws", resolved: null },
      pluginRun: { failed: "aws is not there" },
    }),
  },
  notApplicable: {
    "a plain client, a desktop's PATH (T3), and a snap that works": [
      healthyBundle({ question: NOT_FOUND }),
      healthyBundle({
        client: { name: "lens", path: "/opt/Lens/lens", graphical: true },
        question: NOT_FOUND,
      }),
      healthyBundle({ client: SNAP }),
    ],
  },
});

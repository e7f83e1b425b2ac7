import { accessPolicy } from "../../lab/aws/world.ts";
import type { DoctorReport } from "../../../doctor/report/doctor-report.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";
import fs from "node:fs";

const CONTEXT = `${LAB_CLUSTER}-vouch`;
describe("explore", function () {
  this.timeout(60_000);
  const desk = labDesk();
  beforeEach(async () => {
    desk.logIn();
    const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
    const { stderr, status } = await desk.run(["setup", "eks", ...cluster]);
    if (status !== 0) throw new Error(stderr);
    desk.lab.world.roles.get(LAB_ROLE)?.allows.push({ actions: ["*"], resources: ["*"] });
  });
  const cases: Record<string, [(desk: LabDesk) => void, string[]]> = {
    healthy: [() => {}, []],
    E1: [(d) => void d.lab.cluster.accessEntries.delete(LAB_ROLE), []],
    E3: [(d) => { const r = d.lab.world.roles.get(LAB_ROLE); if (r) { r.uniqueId = "AROAQQQQQQQQQQQQQQQQQ"; r.createDate = new Date(Date.now() + 1000); } }, []],
    E5: [(d) => { d.lab.entry.policies = []; }, ["-n", "default"]],
    P1: [() => {}, ["-n", "payments"]],
    P3: [() => {}, ["--for", "list nodes"]],
    P4: [() => {}, ["--for", "list secrets -n default"]],
    M1: [(d) => { d.lab.cluster.authenticationMode = "CONFIG_MAP"; }, []],
    A2: [(d) => { d.lab.cluster.authenticationMode = "CONFIG_MAP"; d.lab.cluster.awsAuth = { mapRoles: "- rolearn: arn:aws:iam::111122223333:role/team/VouchDeveloper\n  username: ada\n  groups: [view]\n" }; }, []],
    K10: [(d) => { d.write(".kube/config", d.read(".kube/config").replace("- lab\n", "- lap\n")); }, []],
    N6: [(d) => { for (const s of d.lab.kube.values()) s.faults.certificate = "unknown-authority"; }, []],
    down: [(d) => { for (const s of d.lab.kube.values()) s.faults.down = true; }, []],
    silent: [(d) => { for (const s of d.lab.kube.values()) s.faults.silent = true; }, []],
    loggedOut: [(d) => { fs.rmSync(`${d.home}/.local/state/kubectl-vouch`, { recursive: true, force: true }); }, []],
    expired: [(d) => { d.advance(9 * 3600_000); }, []],
    S3: [(d) => { const r = d.lab.world.roles.get(LAB_ROLE); if (r) r.trust = []; fs.rmSync(`${d.home}/.local/state/kubectl-vouch/x`, { force: true }); }, []],
    K14: [() => {}, ["NOCONTEXT"]],
    badcontext: [() => {}, ["--context", "nope"]],
    throttle: [(d) => { for (const s of d.lab.kube.values()) s.faults.authenticatorDown = true; }, []],
  };
  for (const [name, [breakIt, args]] of Object.entries(cases)) {
    it(name, async () => {
      breakIt(desk);
      const start = Date.now();
      const context = args.includes("NOCONTEXT") || args.includes("--context") ? [] : ["--context", CONTEXT];
      const { status, stdout, stderr } = await desk.run(["doctor", ...context, ...args.filter((a) => a !== "NOCONTEXT"), "-o", "json", "--save", `/tmp/doctor-d5/e-${name}.json`]);
      if (stdout === "") { console.log(name, status, stderr); return; }
      const r = JSON.parse(stdout) as DoctorReport;
      console.log(name, status, r.healthy, (Date.now() - start) + " ms", r.rootCauses.map((c) => `${c.cause} ${c.confidence} ${c.summary} | ${c.mend.map((m) => m.commands.join(" ; ")).join(" || ")}`), r.warnings.map((c) => `W ${c.cause} ${c.summary}`), r.unknown ? `unknown ${r.unknown.symptom} next ${r.unknown.fetchNext.map((n) => n.part).join()}` : "", "NOTSEEN", r.notSeen.map((n) => `${n.part}: ${n.reason.slice(0, 100)}`));
    });
  }
});

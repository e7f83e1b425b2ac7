import assert from "node:assert/strict";
import { table } from "../../../lab/kube/api/tables.ts";

const NOW = Date.parse("2026-11-25T10:50:18Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function cells(kind: string, more: Record<string, unknown>, age = 0): unknown {
  const creationTimestamp = new Date(NOW - age).toISOString();
  const object = { apiVersion: "v1", kind, metadata: { name: "a", creationTimestamp }, ...more };
  return (table(kind, [object], NOW) as { rows: { cells: unknown[] }[] }).rows[0]?.cells;
}

describe("a table for kubectl get", () => {
  /** Origin: kubernetes/apimachinery, pkg/util/duration/duration_test.go. */
  const ages: readonly [age: number, text: string][] = [
    [SECOND, "1s"],
    [70 * SECOND, "70s"],
    [190 * SECOND, "3m10s"],
    [70 * MINUTE, "70m"],
    [47 * HOUR, "47h"],
    [49 * HOUR, "2d1h"],
    [8 * DAY + 2 * HOUR, "8d"],
    [367 * DAY, "367d"],
    [365 * 2 * DAY + 25 * HOUR, "2y1d"],
    [365 * 8 * DAY + 2 * HOUR, "8y"],
    [365 * 8 * DAY + 100 * DAY, "8y"],
  ];
  for (const [age, text] of ages) {
    it(`says ${text} of an object ${age / SECOND} seconds old`, () => {
      assert.deepEqual(cells("Secret", {}, age), ["a", text]);
    });
  }

  it("counts a pod's containers and restarts", () => {
    const pod = {
      spec: { nodeName: "n1", containers: [{}, {}] },
      status: {
        phase: "Running",
        podIP: "10.0.0.1",
        containerStatuses: [
          { ready: true, restartCount: 2, state: { running: {} } },
          { ready: true, state: { waiting: {} } },
        ],
      },
    };
    assert.deepEqual(cells("Pod", pod), [
      "a",
      "1/2",
      "Running",
      "2",
      "0s",
      "10.0.0.1",
      "n1",
      "<none>",
      "<none>",
    ]);
  });

  it("takes a pod without status as pending", () => {
    assert.deepEqual(cells("Pod", { spec: { containers: [{}] } }), [
      ...["a", "0/1", "Pending", "0", "0s"],
      ...Array<string>(4).fill("<none>"),
    ]);
  });

  it("shows what others have", () => {
    assert.deepEqual(
      [
        cells("Namespace", { status: { phase: "Active" } }),
        cells("ConfigMap", { data: { a: "", b: "" } }),
        cells("RoleBinding", { roleRef: { kind: "ClusterRole", name: "view" } }),
        cells("ClusterRole", {}),
      ],
      [
        ["a", "Active", "0s"],
        ["a", 2, "0s"],
        ["a", "ClusterRole/view", "0s"],
        ["a", "2026-11-25T10:50:18.000Z"],
      ],
    );
  });
});

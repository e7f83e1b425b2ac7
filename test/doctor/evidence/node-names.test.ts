import assert from "node:assert/strict";
import { looksLikeNodes } from "../../../doctor/evidence/node-names.ts";

describe("looksLikeNodes", () => {
  for (const name of [
    "lab-nodes",
    "lab-nodes-5f0be21",
    "eks-node-1",
    "eksnodes",
    "NODE-group",
    "web_nodegroup",
    "NodeRole",
    "eksctl-lab-nodegroup-ng-1-NodeInstanceRole-1A2B",
    "KarpenterControllerRole",
    "fargate",
    "AmazonEKSFargatePodExecutionRole",
  ])
    it(`is so for ${name}`, () => assert.equal(looksLikeNodes(name), true));

  for (const name of ["Dev", "Nodejs-developers", "anodes", "MapsDeveloper", "Ops", ""])
    it(`is not so for ${name || "nothing"}`, () => assert.equal(looksLikeNodes(name), false));
});

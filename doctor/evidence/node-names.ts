/** Whether a role's name looks like one for nodes: `eks-nodes-1`, `lab-node-group`, `KarpenterNodeRole`. */
export function looksLikeNodes(name: string): boolean {
  return (
    /(?:^|[-_.])(?:eks)?(?:nodes?|nodegroups?|fargate|karpenter)(?:[-_.]|$)/i.test(name) ||
    /Node(?:s|Group|Role|Instance)|Karpenter|Fargate/.test(name)
  );
}

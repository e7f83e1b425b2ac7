// aggregate-cluster-roles runs one controller of kube-controller-manager: the one that gives view, edit, admin and all
// other ClusterRoles with an aggregationRule their rules.
//
// usage: aggregate-cluster-roles KUBECONFIG
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/kubernetes/pkg/controller/clusterroleaggregation"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: aggregate-cluster-roles KUBECONFIG")
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err != nil {
		fail(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		fail(err)
	}
	ctx := context.Background()
	factory := informers.NewSharedInformerFactory(client, 0)
	roles := factory.Rbac().V1().ClusterRoles()
	controller := clusterroleaggregation.NewClusterRoleAggregation(roles, client.RbacV1())
	factory.Start(ctx.Done())
	controller.Run(ctx, 1)
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

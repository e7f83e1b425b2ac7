// judge-rbac answers questions as the API server's RBAC authorizer does.
//
// Standard input, a JSON object a line: {"policy": {"clusterRoles": […], "clusterRoleBindings": […], "roles": […],
// "roleBindings": […], "defaults": true, "show": true}, "questions": [SubjectAccessReviewSpec, …]}. Objects are those of
// rbac.authorization.k8s.io/v1. "defaults" adds what every cluster begins with. Aggregated ClusterRoles get the rules that
// the aggregation controller would give them.
// Standard output, a line for each: {"answers": [{"allowed": true, "reason": "…"}, …], "policy": …}; the policy as it was
// judged where "show" asked for it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	authorization "k8s.io/api/authorization/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	listers "k8s.io/client-go/listers/rbac/v1"
	"k8s.io/client-go/tools/cache"
	internal "k8s.io/kubernetes/pkg/apis/authorization"
	convert "k8s.io/kubernetes/pkg/apis/authorization/v1"
	"k8s.io/kubernetes/pkg/registry/authorization/util"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	rbacauthorizer "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

type question struct {
	Policy    policy
	Questions []authorization.SubjectAccessReviewSpec
}

type answer struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
	Error   string `json:"error,omitempty"`
}

type verdict struct {
	Policy  *policy  `json:"policy,omitempty"`
	Answers []answer `json:"answers"`
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for in.More() {
		var asked question
		must(in.Decode(&asked))
		judged, err := judge(asked)
		must(err)
		must(encoder.Encode(judged))
		must(out.Flush())
	}
}

func judge(asked question) (verdict, error) {
	p := asked.Policy
	if p.Defaults {
		p.addDefaults()
	}
	if err := p.aggregate(); err != nil {
		return verdict{}, err
	}
	_, bindings := validation.NewTestRuleResolver(nil, p.RoleBindings, nil, p.ClusterRoleBindings)
	judge := rbacauthorizer.New(
		&rbacauthorizer.RoleGetter{Lister: listers.NewRoleLister(indexed(p.Roles))}, bindings,
		&rbacauthorizer.ClusterRoleGetter{Lister: listers.NewClusterRoleLister(indexed(p.ClusterRoles))}, bindings,
	)
	answers := make([]answer, len(asked.Questions))
	for i := range asked.Questions {
		var spec internal.SubjectAccessReviewSpec
		if err := convert.Convert_v1_SubjectAccessReviewSpec_To_authorization_SubjectAccessReviewSpec(&asked.Questions[i], &spec, nil); err != nil {
			return verdict{}, err
		}
		decision, reason, err := judge.Authorize(context.Background(), util.AuthorizationAttributesFrom(spec))
		answers[i] = answer{Allowed: decision == authorizer.DecisionAllow, Reason: reason}
		if err != nil {
			answers[i].Error = err.Error()
		}
	}
	shown := verdict{Answers: answers}
	if p.Show {
		shown.Policy = &p
	}
	return shown, nil
}

// indexed holds roles as the API server does. Its bindings are taken in the policy's order, where the API server's is any.
func indexed[T any](objects []T) cache.Indexer {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, object := range objects {
		must(indexer.Add(object))
	}
	return indexer
}

type policy struct {
	Defaults            bool                       `json:"defaults,omitempty"`
	Show                bool                       `json:"show,omitempty"`
	ClusterRoles        []*rbac.ClusterRole        `json:"clusterRoles"`
	ClusterRoleBindings []*rbac.ClusterRoleBinding `json:"clusterRoleBindings"`
	Roles               []*rbac.Role               `json:"roles"`
	RoleBindings        []*rbac.RoleBinding        `json:"roleBindings"`
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// judge-aws-auth reads aws-auth, and looks callers up in it, as aws-iam-authenticator does with the backend EKSConfigMap.
//
// Standard input, a JSON object a line: {"data": {"mapRoles": "…", "mapUsers": "…", "mapAccounts": "…"}, "arns": ["…", …]}.
// Standard output, a line for each: {"roles": […], "users": […], "accounts": […], "error": "…", "callers": [{"canonical":
// "…", "error": "…", "role": {…}, "user": {…}, "account": true}, …]}. A caller without role, user and account is refused.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/sirupsen/logrus"
	"sigs.k8s.io/aws-iam-authenticator/pkg/arn"
	"sigs.k8s.io/aws-iam-authenticator/pkg/config"
	"sigs.k8s.io/aws-iam-authenticator/pkg/mapper/configmap"
)

type question struct {
	Data map[string]string
	Arns []string
}

type caller struct {
	Canonical string              `json:"canonical"`
	Error     string              `json:"error,omitempty"`
	Role      *config.RoleMapping `json:"role,omitempty"`
	User      *config.UserMapping `json:"user,omitempty"`
	Account   bool                `json:"account,omitempty"`
}

type answer struct {
	Roles    []config.RoleMapping `json:"roles"`
	Users    []config.UserMapping `json:"users"`
	Accounts []string             `json:"accounts"`
	Error    string               `json:"error,omitempty"`
	Callers  []caller             `json:"callers"`
}

func main() {
	logrus.SetOutput(io.Discard)
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked question
		must(in.Decode(&asked))
		must(out.Encode(judge(asked)))
	}
}

func judge(asked question) answer {
	users, roles, accounts, err := configmap.ParseMap(asked.Data)
	judged := answer{Roles: roles, Users: users, Accounts: accounts}
	if err != nil {
		judged.Error = err.Error()
	}
	for _, asking := range asked.Arns {
		judged.Callers = append(judged.Callers, lookUp(asking, judged))
	}
	return judged
}

// lookUp looks a caller up as MapStore does: of two mappings of one role the last counts, for their key is the ARN in lower
// case; roles come before users, and both before accounts. Of two mappings of one user that differ in case, the server takes
// any, and this the last. Source: aws-iam-authenticator, pkg/mapper/configmap/configmap.go and mapper.go;
// pkg/server/server.go, doMapping.
func lookUp(asking string, maps answer) caller {
	_, canonical, err := arn.Canonicalize(asking)
	found := caller{Canonical: canonical}
	if err != nil {
		found.Error = err.Error()
		return found
	}
	for _, mapping := range slices.Backward(maps.Roles) {
		if mapping.Matches(strings.ToLower(canonical)) {
			found.Role = &mapping
			return found
		}
	}
	for _, mapping := range slices.Backward(maps.Users) {
		if mapping.Matches(strings.ToLower(canonical)) {
			found.User = &mapping
			return found
		}
	}
	parts := strings.Split(canonical, ":")
	found.Account = len(parts) > 4 && slices.Contains(maps.Accounts, parts[4])
	return found
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

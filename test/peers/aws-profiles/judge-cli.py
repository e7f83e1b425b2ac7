"""Where the AWS CLI's own code takes credentials from: a line with a case in, a line with the answer out.

A case is {"profile": … or null, "env": {...}}, an answer {"words": …} as plan-words.ts says them, or {"refusal": …}. Roles,
Identity Center and web identity are looked at before they are asked for. Run by the interpreter behind `aws`.
"""

import json
import os
import sys

from awscli.clidriver import create_clidriver

# The CLI sets variables of its own while it is loaded.
LOADED = dict(os.environ)
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf8")

METHODS = {"container-role": "container", "iam-role": "instance-metadata"}
DETAILS = {
    "RoleSessionName": "name",
    "ExternalId": "external",
    "DurationSeconds": "seconds",
    "SerialNumber": "mfa",
}


def role_words(fetcher):
    arguments = dict(fetcher._assume_kwargs)
    if fetcher._using_default_session_name:
        del arguments["RoleSessionName"]
    details = [f"{word}={arguments[key]}" for key, word in DETAILS.items() if key in arguments]
    role = arguments["RoleArn"].split("/")[-1]
    return f"{role}[{' '.join(details)}]" if details else role


def words(credentials):
    refresh = getattr(credentials, "_refresh_using", None)
    fetcher = getattr(getattr(refresh, "_refresh", refresh), "__self__", None)
    kind = type(fetcher).__name__
    if kind == "AssumeRoleCredentialFetcher":
        return f"{role_words(fetcher)} by {words(fetcher._source_credentials)}"
    if kind == "AssumeRoleWithWebIdentityCredentialFetcher":
        token = fetcher._web_identity_token_loader._web_identity_token_path
        return f"{role_words(fetcher)} by token {token.split('/')[-1]}"
    if kind == "SSOCredentialFetcher":
        session = fetcher._sso_session_name or fetcher._start_url
        return f"sso {fetcher._account_id}/{fetcher._role_name} {session} {fetcher._sso_region}"
    return METHODS.get(credentials.method, credentials.access_key)


def answer(profile, env):
    os.environ.clear()
    os.environ.update(LOADED, **env)
    try:
        session = create_clidriver().session
        if profile is not None:
            session.set_config_variable("profile", profile)
        session.get_scoped_config()
        credentials = session.get_credentials()
        if credentials is None:
            return {"refusal": "Unable to locate credentials"}
        return {"words": words(credentials)}
    except Exception as error:
        return {"refusal": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), file=ANSWERS, flush=True)

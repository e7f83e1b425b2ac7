"""Keys of the caches, by the AWS CLI's own code: reads a JSON list of [function, arguments...], prints the list of keys.

Run by the interpreter behind `aws`.
"""

import json
import sys

import awscli.clidriver  # noqa: F401: version 2 has its botocore only once this is loaded
from botocore import credentials, utils


def sso_token(name):
    return utils.SSOTokenLoader(cache={})._generate_cache_key(name, None)


def sso_registration(url, region, name, scopes):
    kind = getattr(utils, "BaseSSOTokenFetcher", None) or utils.SSOTokenFetcher  # the second until 2.22
    fetcher = kind.__new__(kind)
    fetcher._sso_region = region
    return fetcher._registration_cache_key(url, name, scopes)


def cli_role(arn, arguments):
    return credentials.AssumeRoleCredentialFetcher(None, None, arn, extra_args=arguments)._create_cache_key()


def cli_sso(url, session):
    fetcher = credentials.SSOCredentialFetcher(
        url, "eu-west-1", "Dev", "111122223333", None, sso_session_name=session
    )
    return fetcher._create_cache_key()


def login_token(session):
    return utils.generate_login_cache_key(session)


print(json.dumps([globals()[name](*args) for name, *args in json.load(sys.stdin)]))

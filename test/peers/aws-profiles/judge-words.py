"""The words of command lines as the AWS CLI splits them: a list of [line, platform] in, a list of words or null out.

Run by the interpreter behind `aws` of version 1.
"""

import json
import sys

from botocore.compat import compat_shell_split


def words(line, platform):
    try:
        return compat_shell_split(line, platform)
    except ValueError:
        return None


print(json.dumps([words(*each) for each in json.load(sys.stdin)]))

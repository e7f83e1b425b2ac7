"""Prints a service model of botocore, in the form that `aws configure add-model` takes: print-model.py eks"""

import json
import sys

from botocore.loaders import Loader

json.dump(Loader().load_service_model(sys.argv[1], "service-2"), sys.stdout)

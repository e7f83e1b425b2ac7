"""Judges raw answers of an AWS service by the service models and the parsers of botocore.

Reads a JSON list of {"service", "operation", "status", "headers", "body"} and prints, for each, a list of what is wrong:
unknown members, wrong types, values outside of enums, lengths and patterns, error codes that the operation does not have.
Run by the interpreter behind AWS CLI 1, with whose botocore come the newest models.
"""

import base64
import json
import re
import sys
from xml.etree import ElementTree

from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

# Codes that every operation may answer with. Source: "Common Error Types" in the API references of STS, IAM and EKS;
# spellings of the REST protocols end in Exception.
COMMON = {
    "query": {
        "AccessDenied": 403,
        "ExpiredToken": 403,
        "InternalFailure": 500,
        "InvalidAction": 400,
        "InvalidClientTokenId": 403,
        "MissingAuthenticationToken": 403,
        "ServiceFailure": 500,
        "SignatureDoesNotMatch": 403,
        "Throttling": 400,
        "ValidationError": 400,
    },
    "rest-json": {
        "AccessDeniedException": 403,
        "ExpiredTokenException": 403,
        "InvalidSignatureException": 403,
        "MissingAuthenticationTokenException": 403,
        "SerializationException": 400,
        "ThrottlingException": 429,
        "UnrecognizedClientException": 403,
    },
}
# Met at the services and in no model: errors (aws/aws-sam-cli#2129), and a value of an enum (soto-project/soto#230).
UNMODELLED = {
    ("sts", "AssumeRole"): {"InvalidParameterValue": 400},
    ("sso", "GetRoleCredentials"): {"ForbiddenException": 403},
    ("sso", "ListAccountRoles"): {"ForbiddenException": 403},
}
UNMODELLED_VALUES = {"PolicySourceType": ["IAM Policy"]}

LOADER = Loader()
MODELS = {}


def service_model(name):
    if name not in MODELS:
        MODELS[name] = ServiceModel(LOADER.load_service_model(name, "service-2"), name)
    return MODELS[name]


def member_name(shape, name):
    return shape.members[name].serialization.get("name", name)


def text_faults(shape, value, path):
    limits = shape.metadata
    values = shape.enum and shape.enum + UNMODELLED_VALUES.get(shape.name, [])
    if values and value not in values:
        yield f"{path}: {value!r} is none of {shape.enum}"
    if len(value) < limits.get("min", 0) or len(value) > limits.get("max", len(value)):
        yield f"{path}: {len(value)} characters are outside of {limits}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"{path}: {value!r} does not match {limits['pattern']}"


def number_faults(shape, value, path):
    limits = shape.metadata
    if value < limits.get("min", value) or value > limits.get("max", value):
        yield f"{path}: {value} is outside of {limits}"


def count_faults(shape, items, path):
    limits = shape.metadata
    if len(items) < limits.get("min", 0) or len(items) > limits.get("max", len(items)):
        yield f"{path}: {len(items)} items are outside of {limits}"


def absent(shape, present, path):
    for name in shape.metadata.get("required", []):
        if member_name(shape, name) not in present:
            yield f"{path}: {name} is required"


JSON_TYPES = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}


def json_faults(shape, value, path):
    kind = shape.type_name
    if value is None:
        return
    if not isinstance(value, JSON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{path}: {json.dumps(value)} is no {kind}"
    elif kind == "structure":
        members = {member_name(shape, name): member for name, member in shape.members.items()}
        yield from absent(shape, value, path)
        for name, item in value.items():
            if name in members:
                yield from json_faults(members[name], item, f"{path}.{name}")
            else:
                yield f"{path}: {name} is unknown"
    elif kind == "map":
        for name, item in value.items():
            yield from json_faults(shape.key, name, f"{path} key")
            yield from json_faults(shape.value, item, f"{path}.{name}")
    elif kind == "list":
        yield from count_faults(shape, value, path)
        for item in value:
            yield from json_faults(shape.member, item, f"{path}[]")
    elif kind == "string":
        yield from text_faults(shape, value, path)
    elif kind == "blob":
        base64.b64decode(value, validate=True)
    elif kind in ("integer", "long"):
        yield from number_faults(shape, value, path)


def local(element):
    return element.tag.split("}")[-1]


def xml_faults(shape, element, path):
    kind = shape.type_name
    text = element.text or ""
    children = list(element)
    if kind == "structure":
        members = {member_name(shape, name): member for name, member in shape.members.items()}
        names = [local(child) for child in children]
        yield from absent(shape, names, path)
        for name, child in zip(names, children):
            if name not in members:
                yield f"{path}: {name} is unknown"
            elif names.count(name) > 1:
                yield f"{path}: {name} comes twice"
            else:
                yield from xml_faults(members[name], child, f"{path}.{name}")
    elif kind == "list":
        expected = shape.member.serialization.get("name", "member")
        yield from count_faults(shape, children, path)
        for child in children:
            if local(child) != expected:
                yield f"{path}: {local(child)} in a list of {expected}"
            yield from xml_faults(shape.member, child, f"{path}[]")
    elif kind == "map":
        yield f"{path}: maps in XML are not judged"
    elif children:
        yield f"{path}: {kind} with elements in it"
    elif kind == "boolean" and text not in ("true", "false"):
        yield f"{path}: {text!r} is no boolean"
    elif kind == "timestamp" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
        yield f"{path}: {text!r} is no timestamp"
    elif kind in ("integer", "long"):
        if re.fullmatch(r"-?\d+", text):
            yield from number_faults(shape, int(text), path)
        else:
            yield f"{path}: {text!r} is no {kind}"
    elif kind == "string":
        yield from text_faults(shape, text, path)


def success_faults(operation, body):
    shape = operation.output_shape
    if operation.service_model.metadata["protocol"] == "rest-json":
        content = json.loads(body or "{}")
        payload = shape.serialization.get("payload") if shape else None
        shape = shape.members[payload] if payload else shape
        yield from json_faults(shape, content, operation.name) if shape else (content and [f"{content} for nothing"])
        return
    root = ElementTree.fromstring(body)
    namespace = operation.service_model.metadata["xmlNamespace"]
    if root.tag != f"{{{namespace}}}{operation.name}Response":
        yield f"the root is {root.tag}"
    wrapper = shape.serialization["resultWrapper"]
    if [local(child) for child in root] != [wrapper, "ResponseMetadata"]:
        yield f"the root has {[local(child) for child in root]}"
    yield from xml_faults(shape, root[0], operation.name)


def known_errors(operation, protocol):
    for shape in operation.error_shapes:
        error = shape.metadata.get("error", {})
        yield error.get("code", shape.name), (error.get("httpStatusCode"), shape)
    for codes in (COMMON[protocol], UNMODELLED.get((operation.service_model.service_name, operation.name), {})):
        for code, status in codes.items():
            yield code, (status, None)


def error_faults(operation, answer, parsed):
    protocol = operation.service_model.metadata["protocol"]
    code = parsed["Error"].get("Code")
    # A modelled error stands before a common one of the same code.
    known = dict(reversed(list(known_errors(operation, protocol))))
    if code not in known:
        yield f"{operation.name}: the error {code} is unknown"
        return
    status, shape = known[code]
    body = json.loads(answer["body"]) if protocol == "rest-json" else {}
    if status not in (None, answer["status"]):
        yield f"{operation.name}: {code} comes with status {answer['status']}, not {status}"
    if protocol == "rest-json" and shape is not None:
        yield from json_faults(shape, {name: item for name, item in body.items() if name != "__type"}, code)
    # OAuth's errors have their sentence elsewhere.
    if not (parsed["Error"].get("Message") or body.get("error_description")):
        yield f"{operation.name}: {code} says nothing"
    if protocol == "query":
        sender = "Sender" if answer["status"] < 500 else "Receiver"
        if parsed["Error"].get("Type") != sender:
            yield f"{operation.name}: {code} is of type {parsed['Error'].get('Type')}"


def faults(answer):
    operation = service_model(answer["service"]).operation_model(answer["operation"])
    parser = create_parser(operation.service_model.metadata["protocol"])
    response = {
        "status_code": answer["status"],
        "headers": HeadersDict(answer["headers"]),
        "body": answer["body"].encode(),
    }
    try:
        parsed = parser.parse(response, operation.output_shape)
    except Exception as error:  # Whatever the parser stumbles over.
        yield f"{operation.name}: botocore cannot read it: {error!r}"
        return
    if not parsed["ResponseMetadata"].get("RequestId"):
        yield f"{operation.name}: no request id"
    if answer["status"] < 300:
        yield from success_faults(operation, answer["body"])
    else:
        yield from error_faults(operation, answer, parsed)


json.dump([list(faults(answer)) for answer in json.load(sys.stdin)], sys.stdout)

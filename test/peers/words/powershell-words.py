"""What lines of PowerShell mean, by a grammar that is not ours: tree-sitter's.

Reads a JSON list of lines, prints a JSON list of what each is: {"pipeline": [words of each command]},
{"variable": "$env:NAME", "value": …} or {"error": why it is no such thing}. A word is a string, a list of words,
{"home": path in the home folder}, or {"subject": string, "rest": what is done with it}.
"""

import json
import re
import sys

import tree_sitter_powershell
from tree_sitter import Language, Parser

PARSER = Parser(Language(tree_sitter_powershell.language()))


def text(node):
    return node.text.decode()


def only(node):
    """Goes down while there is one child, to what is really written there."""
    while len(node.children) == 1:
        node = node.children[0]
    return node


def verbatim(node):
    """What a string between single quotes holds: for PowerShell, each of five signs is such a quote."""
    written = text(node)
    inner, value = written[1:-1], ""
    while inner:
        sign = inner[0]
        if sign in "'\u2018\u2019\u201a\u201b":
            if inner[1:2] not in list("'\u2018\u2019\u201a\u201b"):
                raise ValueError(f"a quote ends {written} in its middle")
            sign, inner = inner[1], inner[1:]
        value, inner = value + sign, inner[1:]
    return value


def strings(node):
    if node.type == "verbatim_string_characters":
        return [node]
    return [found for child in node.children for found in strings(child)]


def word(node):
    found = only(node)
    if found.type in ("generic_token", "command_parameter"):
        return text(found)
    if found.type == "verbatim_string_characters":
        return verbatim(found)
    if found.type == "parenthesized_expression":
        first, *_ = strings(found)
        begin = first.start_byte - found.start_byte
        before, rest = found.text[:begin].decode(), found.text[begin + len(first.text) :].decode()
        if (before, rest) == ("(Join-Path $HOME ", ")"):
            return {"home": verbatim(first)}
        if before == "(":
            return {"subject": verbatim(first), "rest": rest}
    if found.type == "array_literal_expression":
        return [word(child) for child in found.children if child.type != ","]
    raise ValueError(f"{text(found)} is a {found.type}")


def command(node):
    words = []
    for child in node.children:
        if child.type == "command_name":
            words.append(text(child))
        elif child.type == "command_name_expr":
            words.append(word(child))
        elif child.type == "command_elements":
            words += [word(each) for each in child.children if each.type != "command_argument_sep"]
        elif child.type != "command_invokation_operator":
            raise ValueError(f"{text(child)} is a {child.type}")
    return words


def as_the_grammar_knows(line):
    """The grammar takes no plain `--name=value`, which PowerShell's tokenizer scans as a generic token (`NextToken`, `-` and `--`)."""
    plain = r"'[^']*'|(?<=\s)--[A-Za-z-]+=[A-Za-z][\w/-]*(?=\s|$)"
    return re.sub(plain, lambda found: found[0] if found[0][0] == "'" else f"'{found[0]}'", line, flags=re.ASCII)


def meaning(line):
    line = as_the_grammar_knows(line)
    root = PARSER.parse(line.encode()).root_node
    if root.has_error:
        raise ValueError("the grammar does not take it")
    if text(root) != line or [child.type for child in root.children] != ["statement_list"]:
        raise ValueError("more than statements")
    statements = root.children[0].children
    if [child.type for child in statements] != ["pipeline"]:
        raise ValueError(f"{[child.type for child in statements]} is not one pipeline")
    inside = statements[0].children[0]
    if inside.type == "assignment_expression":
        left, _, right = inside.children
        return {"variable": text(left), "value": word(right)}
    if inside.type != "pipeline_chain":
        raise ValueError(f"a {inside.type}")
    return {"pipeline": [command(child) for child in inside.children if child.type != "|"]}


def result(line):
    try:
        return meaning(line)
    except ValueError as error:
        return {"error": str(error)}


json.dump([result(line) for line in json.load(sys.stdin)], sys.stdout)

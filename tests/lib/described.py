# SPDX-License-Identifier: MPL-2.0
"""Whether an answer is what /openapi.json says: status, media type, headers, and the body to its last member.

    described = Described(document)
    described.check(method, path, answer)   AssertionError with where it differs; the operation's id otherwise

The harness does this with whatever a test is answered. A member that the description does not have is a mistake, so that
neither can drift from the other.
"""
import re

KINDS = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
FORMATS = {
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "date": r"\d{4}-\d\d-\d\d",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "uri-reference": r"\S+", "uri": r"https?://\S+", "binary": r".*",
}
WORDS = {"$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "oneOf",
         "pattern", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default",
         "description", "discriminator"}
# What any answer may have, whatever the route: HTTP's own, and what forbids to store or to run it.
OWN_HEADERS = {"date", "connection", "content-length", "content-type", "cache-control", "x-content-type-options",
               "content-security-policy", "referrer-policy", "server", "keep-alive", "transfer-encoding", "x-frame-options", "vary", "content-encoding"}


class Described:
    def __init__(self, document):
        self.document, self.operations = document, {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                name = operation["operationId"]
                assert name not in self.operations, f"two operations are called {name}"
                self.operations[name] = (method, path, operation)
        self.routes = sorted(((method.upper(), self.pattern(path), name) for name, (method, path, _) in self.operations.items()),
                             key=lambda route: route[1].pattern.count("("))

    @staticmethod
    def pattern(path):
        """{path} may hold slashes; the rest is one segment."""
        parts = [".+" if p == "{path}" else "[^/]+" if p.startswith("{") else re.escape(p) for p in path.split("/")]
        return re.compile("/".join(f"({p})" if p in (".+", "[^/]+") else p for p in parts))

    def operation_of(self, method, path):
        """Its name; None of what is not described."""
        for known, pattern, name in self.routes:
            if known == method and pattern.fullmatch(path):
                return name
        return None

    def resolve(self, node):
        while "$ref" in node:
            ref, node = node["$ref"], self.document
            for name in ref.lstrip("#/").split("/"):
                node = node[name]
        return node

    def differs(self, schema, value, where):
        """Where the value is not as the schema says, and how; None: it is."""
        schema = self.resolve(schema)
        unknown = set(schema) - WORDS
        assert not unknown, f"{where}: {unknown} is not checked here"
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            found = [self.differs(choice, value, where) for choice in choices]
            return None if None in found else max(found, key=len)
        kinds = schema.get("type", list(KINDS))
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(isinstance(value, KINDS[k]) and not (k == "integer" and isinstance(value, bool)) for k in kinds):
            return f"{where} is {value!r:.80}, not {kinds}"
        if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
            return f"{where} is {value!r:.80}, not {schema.get('enum', schema.get('const'))}"
        check = {str: self.text_differs, int: self.number_differs, dict: self.object_differs, list: self.list_differs}.get(type(value))
        return check(schema, value, where) if check else None

    @staticmethod
    def text_differs(schema, value, where):
        fits = re.search(schema.get("pattern", ""), value) and re.fullmatch(FORMATS[schema.get("format", "binary")], value, re.S)
        if not fits or not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return f"{where} is {value!r:.80}, not {schema}"
        return None

    @staticmethod
    def number_differs(schema, value, where):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            return f"{where} is {value}, not {schema}"
        return None

    def list_differs(self, schema, value, where):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{where} has {len(value)} items"
        return next((d for n, part in enumerate(value) if (d := self.differs(schema["items"], part, f"{where}/{n}"))), None)

    def object_differs(self, schema, value, where):
        known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        missing = [name for name in schema.get("required", []) if name not in value]
        if missing:
            return f"{where} lacks {missing}"
        for name, part in value.items():
            if name not in known and more is False:
                return f"{where}/{name} is not described"
            schema_of = known.get(name, more if isinstance(more, dict) else {})
            if schema_of and (found := self.differs(schema_of, part, f"{where}/{name}")):
                return found
        return None

    def check(self, method, path, answer):
        path = path.split("?")[0]
        name = self.operation_of(method, path) or (method == "HEAD" and self.operation_of("GET", path))
        if not name and 200 <= answer.status < 300:
            assert method == "OPTIONS" or not path.startswith("/api/"), f"{method} {path} is answered and not described"
            return None  # a page or a file for people
        responses = self.operations[name][2]["responses"] if name else {"default": {"$ref": "#/components/responses/Problem"}}
        described = self.resolve(responses.get(str(answer.status), responses["default"]))
        where = f"{method} {path} {answer.status}"
        assert str(answer.status) in responses or answer.status >= 400, f"{where}: another status is described"
        self.check_headers(described, answer, where)
        if method != "HEAD":
            self.check_body(described.get("content", {}), answer, where)
        return name

    def check_headers(self, described, answer, where):
        known = {header.lower(): self.resolve(what)["schema"] for header, what in described.get("headers", {}).items()}
        if answer.status >= 400:  # tus says its version with whatever it answers
            known["tus-resumable"] = {"const": "1.0.0"}
        for header, value in answer.headers.items():
            if header in OWN_HEADERS:
                continue
            assert header in known, f"{where}: the header {header} is not described"
            schema = self.resolve(known[header])
            found = self.differs(schema, int(value) if schema.get("type") == "integer" else value, header)
            assert not found, f"{where}: {found}"

    def check_body(self, content, answer, where):
        kind = answer.headers.get("content-type", "").split(";")[0]
        if not content:
            assert not answer.body, f"{where}: a body that is not described"
            return
        assert kind in content, f"{where}: {kind} is not described"
        if kind.endswith("json"):
            found = self.differs(content[kind]["schema"], answer.json(), "")
            assert not found, f"{where}: {found}"

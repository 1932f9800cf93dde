#!/usr/bin/env python3
"""citations.py ROOT [--at-least N]: every citation in code, records and docs resolves.

Looks at the sources and the docs below ROOT and prints one line for each citation that leads
nowhere: file:line, what is cited, and what there is instead. Exit code 1 if there is one, or if
fewer than N citations were seen at all (a check that looks at nothing must not pass).

What is resolved, against docs/theory.md, docs/references.md and docs/claims.md:
  theory.md section N[.M], theory.md NAME   a section, a numbered statement, or a claim of it; a
                                            source must say which
  claim(s) NAME; in the docs NAME alone     a record, that is, a heading of docs/claims.md
  LY Lemma 1, LY (2409.18959), LY = ...     a short name of docs/references.md, with its own number
  arXiv NNNN.NNNNN                          a number of docs/references.md
  Surname 1961, Surname & Surname (1961)    an entry of docs/references.md
  docs/name.md, and links in the docs       a file that exists, an anchor that is in it
Besides, every record has its statement in theory.md, and every claim of theory.md a record.
That docs/claims.md is what the records say is another test.
"""

import os
import re
import sys
import unicodedata

ROOMS = ("numerics theory cases harness reports app capi bench examples fuzz test docs "
         "cmake").split()
SKIPPED = ("fuzz/corpus", "test/citations", "test/golden/cases")
KINDS = (".hpp", ".cpp", ".h", ".c", ".py", ".sh", ".toml", ".md", ".txt", ".mustache", ".in")
# Words before a year that name no author.
NO_AUTHORS = set("NeurIPS ICML ICLR ICMS SC JMLR Prob January February March April May June July "
                 "August September October November December".split())
# Words in capitals that stand where a paper's short name could.
NO_PAPERS = {"TV", "KL", "OU", "TOML", "JSON", "API", "CLI", "CI"}

CLAIM = r"[SFTDIEBN]\d{1,2}(?:-[a-z]+)*"
STATEMENT = r"[SFTDIEBNA]\d{1,2}(?:-[a-z]+)*"
NUMBER = r"\d{2}(?:0[1-9]|1[0-2])\.\d{5}"
PLACE = (r"(?:\(" + NUMBER + r"\)|Lemma\b|Theorem\b|Thm\b|L\d|eq\.|App\.|Appendix\b|Alg\b|"
         r"Algorithm\b|Figure \d|Fig\.|section \d|\(\d+(?:\.\d+)?[a-z]?\)|claim \(|code\b|"
         r"abstract)")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def plain(text):
    """Without accents: Verdú is cited as Verdu in ASCII sources."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


class Flow:
    """A file as running text: comment marks and the joints of string literals are left out, so that
    a citation may be broken over lines; every character still knows its line."""

    def __init__(self, text):
        pieces, self.starts, at = [], [], 0
        for line in text.split("\n"):
            piece = re.sub(r'^[\s"/#*]*|["\s]*$', "", line) + " "
            pieces.append(piece)
            self.starts.append(at)
            at += len(piece)
        self.text = "".join(pieces)

    def line(self, position):
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            if self.starts[middle] <= position:
                low = middle
            else:
                high = middle
        return low + 1


def anchors(text):
    """Where a link into a Markdown file may lead: explicit anchors and GitHub's heading slugs."""
    found = set(re.findall(r'<a id="([^"]+)">', text))
    seen = {}
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        heading = re.match(r"#{1,6} +(.*?) *#*$", line)
        if fenced or not heading:
            continue
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading[1]).replace("\\", "")
        slug = re.sub(r"[^\w\- ]", "", words.replace("`", "").lower()).replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        found.add(slug if seen[slug] == 0 else f"{slug}-{seen[slug]}")
    return found


class Sources:
    """What citations may lead to."""

    def __init__(self, root):
        self.theory = read(os.path.join(root, "docs/theory.md"))
        self.places = set(re.findall(r'<a id="([^"]+)">', self.theory))
        self.sections = sorted(p[len("section-"):] for p in self.places if p.startswith("section-"))
        self.statements = {p for p in self.places if re.fullmatch(STATEMENT, p)}
        references = read(os.path.join(root, "docs/references.md"))
        self.numbers = set(re.findall(NUMBER, references))
        entries = re.findall(r'<a id="([^"]+)"></a>\*\*([^*]+)\*\*(.*)', references)
        self.papers = {}
        self.authors = set()
        for anchor, head, rest in entries:
            if re.fullmatch(r"[A-Z]{2,5}", anchor):
                self.papers[anchor] = (re.findall(NUMBER, rest) or [None])[0]
            who = plain(head + rest.split("*")[0])
            for year in re.findall(r"\b(?:18|19|20)\d\d\b(?!\.\d)", head + rest):
                self.authors |= {(name, year) for name in re.findall(r"[A-Z][a-zA-Z]+", who)}
        claims = read(os.path.join(root, "docs/claims.md"))
        self.records = {}
        for number, line in enumerate(claims.split("\n"), 1):
            heading = re.match(rf"### ({CLAIM}): ", line)
            if heading:
                self.records[heading[1]] = number


class Check:
    def __init__(self, root):
        self.root = root
        self.sources = Sources(root)
        self.found = []
        self.seen = 0
        self.anchors = {}

    def wrong(self, path, line, what):
        self.found.append((path, line, what))

    def run(self):
        for path in self.files():
            text = read(os.path.join(self.root, path))
            flow = Flow(text)
            self.theory_citations(path, flow)
            self.claim_citations(path, flow)
            self.doc_names(path, flow)
            if path != "docs/references.md":
                self.papers(path, flow)
                self.numbers(path, flow)
                self.authors(path, flow)
            if path.endswith(".md"):
                self.links(path, text)
        self.records()
        return sorted(set(self.found))

    def files(self):
        for name in sorted(os.listdir(self.root)):
            if name.endswith(".md"):
                yield name
        for room in ROOMS:
            for directory, _, names in sorted(os.walk(os.path.join(self.root, room))):
                path = os.path.relpath(directory, self.root)
                if any(path == s or path.startswith(s + "/") for s in SKIPPED):
                    continue
                for name in sorted(names):
                    if name.endswith(KINDS) and name != "citations.py":
                        yield os.path.join(path, name)

    # ---- theory.md

    def theory_citations(self, path, flow):
        for match in re.finditer(r"(?<!\]\()\btheory\.md\b`?(?!#)", flow.text):
            rest = flow.text[match.end():match.end() + 200]
            line = flow.line(match.start())
            sections = re.match(
                r"\s*,?\s*sections?\s+(\d+(?:\.\d+)?(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)"
                r"\d+(?:\.\d+)?)*)", rest)
            for number in re.findall(r"\d+(?:\.\d+)?", sections[1]) if sections else ():
                self.section(path, line, number)
            rest = rest[sections.end():] if sections else rest
            names = re.match(rf"\s*(?:,\s*|\()?(?:claims?\s+)?({STATEMENT})\b", rest)
            if names:
                self.statement(path, line, names[1])
            before = re.search(rf"(?:docs/|\b{STATEMENT} of )$",
                               flow.text[max(0, match.start() - 40):match.start()])
            if not (sections or names or before) and path.endswith((".hpp", ".cpp")):
                self.wrong(path, line, "theory.md alone: say where in it, \"theory.md section N\" "
                                       "or a statement by its name")

    def section(self, path, line, number):
        self.seen += 1
        chapter, _, rest = number.partition(".")
        anchor = f"s{chapter}-{rest}" if rest else f"section-{chapter}"
        if anchor in self.sources.places:
            return
        there = "sections " + ", ".join(self.sources.sections)
        if rest and chapter in self.sources.sections:
            last = max(int(p.split("-")[1]) for p in self.sources.places
                       if re.fullmatch(rf"s{chapter}-\d+", p))
            there = f"{chapter}.1 to {chapter}.{last}"
        self.wrong(path, line, f"theory.md section {number}: there is none; docs/theory.md has "
                               f"{there}")

    def statement(self, path, line, name):
        self.seen += 1
        if name not in self.sources.statements and name not in self.sources.records:
            family = sorted((s for s in self.sources.statements if s[0] == name[0]),
                            key=lambda s: int(s[1:]))
            self.wrong(path, line, f"theory.md, {name}: there is no such statement; of this letter "
                                   f"docs/theory.md has {', '.join(family) or 'none'}")

    # ---- claims

    def claim_citations(self, path, flow):
        joint = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+or\s+|\.\.)"
        named = rf"\b[Cc]laims?\s+({CLAIM}(?:{joint}{CLAIM})*)"
        spans = [(m.start(1), m[1]) for m in re.finditer(named + r"\b", flow.text)]
        if path.endswith(".md") and path != "docs/claims.md":
            spans.append((0, flow.text))
        for start, text in spans:
            for match in re.finditer(rf"(?<![\w#\-\\^_$])(?<!\w\.)({CLAIM})(?![\w\-])", text):
                self.claim(path, flow.line(start + match.start()), match[1])

    def claim(self, path, line, name):
        self.seen += 1
        if name not in self.sources.records:
            family = sorted(r for r in self.sources.records if r[0] == name[0])
            self.wrong(path, line, f"claim {name} has no record; of this letter there are "
                                   f"{', '.join(family) or 'none'} (docs/claims.md)")

    def records(self):
        for name, line in self.sources.records.items():
            if name.split("-")[0] not in self.sources.statements:
                self.wrong("docs/claims.md", line, f"record {name} has no statement in "
                           f"docs/theory.md, no <a id=\"{name.split('-')[0]}\">")
            elif not re.search(rf"\[{name}\]\(claims\.md#", self.sources.theory):
                self.wrong("docs/claims.md", line, f"record {name} is not linked from its "
                                                   "statement in docs/theory.md")
        for name in sorted(self.sources.statements):
            if not name.startswith("A") and name not in self.sources.records:
                line = self.sources.theory[:self.sources.theory.index(f'"{name}"')].count("\n") + 1
                self.wrong("docs/theory.md", line, f"claim {name} has no record in docs/claims.md")

    # ---- papers

    def papers(self, path, flow):
        cited = (rf"\b([A-Z]{{2,5}})\b(?=\s+{PLACE}| = (?:[A-Z][a-z]+(?:,| &)|arXiv))|"
                 r"\[[QR][^]:]*: ?(?:from memory of )?([A-Z]{2,5})\b")
        for match in re.finditer(cited, flow.text):
            name = match[1] or match[2]
            if name in NO_PAPERS:
                continue
            self.seen += 1
            line = flow.line(match.start())
            if name not in self.sources.papers:
                self.wrong(path, line, f"paper {name} is not in docs/references.md, which has "
                                       f"{', '.join(sorted(self.sources.papers))}")
                continue
            own = re.match(rf"\s*(?:\(({NUMBER})\)|= [^\"]{{0,80}}?arXiv ({NUMBER}))",
                           flow.text[match.end():match.end() + 120])
            number = own and (own[1] or own[2])
            if number and number != self.sources.papers[name]:
                self.wrong(path, line, f"{name} with arXiv {number}: in docs/references.md it is "
                                       f"{self.sources.papers[name]}")

    def numbers(self, path, flow):
        cited = rf"(?:arXiv[: ]\s*|arxiv\.org/abs/|\()({NUMBER})(?!\d)"
        for match in re.finditer(cited, flow.text):
            self.seen += 1
            if match[1] not in self.sources.numbers:
                self.wrong(path, flow.line(match.start()),
                           f"arXiv {match[1]} is not in docs/references.md: add it, with authors "
                           "and title, or correct the number")

    def authors(self, path, flow):
        cited = r"\b([A-Z][a-z][a-zA-Z]+)(?: et al\.)?,? \(?((?:18|19|20)\d\d)\b(?!\.\d|,\d)"
        for match in re.finditer(cited, plain(flow.text)):
            if match[1] in NO_AUTHORS:
                continue
            self.seen += 1
            if (match[1], match[2]) not in self.sources.authors:
                self.wrong(path, flow.line(match.start()),
                           f"{match[1]} {match[2]} is not in docs/references.md")

    # ---- files and links

    def doc_names(self, path, flow):
        for match in re.finditer(r"(?<![\w/.])docs/[\w\-]+\.md\b", flow.text):
            self.seen += 1
            if not os.path.exists(os.path.join(self.root, match[0])):
                self.wrong(path, flow.line(match.start()), f"{match[0]} does not exist")

    def links(self, path, text):
        fenced = False
        for number, line in enumerate(text.split("\n"), 1):
            fenced ^= line.startswith("```")
            if fenced or line.startswith("    "):
                continue
            for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
                if not re.match(r"[a-z]+:", target):
                    self.link(path, number, target)

    def link(self, path, line, target):
        self.seen += 1
        name, _, anchor = target.partition("#")
        file = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if not os.path.exists(os.path.join(self.root, file)):
            self.wrong(path, line, f"link to {target}: {file} does not exist")
        elif anchor and anchor not in self.anchors_of(file):
            near = sorted(a for a in self.anchors_of(file)
                          if a.split("-")[0].lower() == anchor.split("-")[0].lower())
            self.wrong(path, line, f"link to {target}: {file} has no anchor {anchor}"
                       + (f"; like it: {', '.join(near)}" if near else ""))

    def anchors_of(self, file):
        if file not in self.anchors:
            path = os.path.join(self.root, file)
            self.anchors[file] = anchors(read(path)) if file.endswith(".md") else set()
        return self.anchors[file]


def main(arguments):
    if len(arguments) not in (1, 3) or len(arguments) == 3 and arguments[1] != "--at-least":
        print("usage: citations.py ROOT [--at-least N]", file=sys.stderr)
        return 2
    check = Check(arguments[0])
    found = check.run()
    for path, line, what in found:
        print(f"{path}:{line}: {what}")
    if len(arguments) == 3 and check.seen < int(arguments[2]):
        print(f"only {check.seen} citations were seen: the check does not see the tree")
        return 1
    if not found:
        print(f"{check.seen} citations resolve")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

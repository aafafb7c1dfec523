"""scripts/conformance-table on small trees: what it reads, what it complains of, what it writes."""

import pathlib
import subprocess
import sys

import pytest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "scripts/conformance-table"

REQUIREMENTS = """\
id\tspecification\tsection\tlevel\tstatement
# XEP-0060 §6.1 Subscribe
A064\tXEP-0060\t6.1.1\tMUST\tA request has a `jid`.
A065\tXEP-0060\t6.1.1\tSHOULD\tA request has a node.
# XEP-0059 Pages
R19\tXEP-0059\t2\tMUST\tThere are pages.
"""
COVERED = 'TEST_CASE("§6.1.1 A064 A065 R19 all of it") {}\n'


class Tree:
    """A project's directory; by default its lists are right and one test covers all."""

    def __init__(self, root):
        self.root = root
        self.write("tests/conformance/requirements.tsv", REQUIREMENTS)
        self.lists()
        self.unit(COVERED)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def lists(self, not_met="", moot=""):
        self.write("tests/conformance/not_met.tsv", "id\treason\n" + not_met)
        self.write("tests/conformance/moot.tsv", "id\treason\n" + moot)

    def unit(self, source):
        self.write("tests/unit/pubsub/subscribe_test.cpp", source)

    def run(self, *options):
        return subprocess.run([sys.executable, TOOL, "--root", self.root, *options],
                              capture_output=True, text=True, check=False)

    def page(self):
        assert self.run().returncode == 0
        return (self.root / "docs/conformance.md").read_text(encoding="utf-8")

    def problems(self):
        """What a check says of a page that was just written."""
        self.page()
        answer = self.run("--check")
        assert answer.stderr == ""
        *problems, counts = answer.stdout.splitlines()
        assert counts.endswith(f" requirements met, {len(problems)} problems")
        assert answer.returncode == (1 if problems else 0)
        return problems

    def met(self):
        self.page()
        return int(self.run("--check").stdout.splitlines()[-1].split()[0])

    def row(self, id):
        return next(line for line in self.page().splitlines() if line.startswith(f"| {id} "))


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def missing(id, level="MUST"):
    return (f"{id} (XEP-0060 §6.1.1, {level}) has no test "
            "and is neither in not_met.tsv nor in moot.tsv")


def test_every_requirement_has_a_test(tree):
    assert tree.problems() == []
    assert tree.met() == 3


def test_a_requirement_without_test(tree):
    tree.unit('TEST_CASE("R19 A065 not the other one") {}')
    assert tree.problems() == [missing("A064")]
    assert tree.met() == 2
    assert "none yet" in tree.row("A064")
    assert "- 1 have no test yet." in tree.page()


@pytest.mark.parametrize("source", [
    'TEST_CASE("A064 A065" " R19 side by side") {}',
    'TEST_CASE(\n    "A064 "\n    "A065 R" "19 on lines of their own") {}',
    'TEST_CASE("A064 A065 with \\"quotes\\", then R19") {}',
    'TEST_CASE(R"(A064 A065 raw "text" R19)") {}',
    'TEST_CASE("A064") { const auto n = 1\'000\'000; SUBCASE("A065 R19") {} }',
    'TEST_CASE_FIXTURE(Scene<int>, "A064 A065 R19") {}',
    'const char c = \'"\'; // don\'t\nTEST_CASE("A064 A065 R19") {}',
])
def test_names_of_cases_in_cpp(tree, source):
    tree.unit(source)
    assert tree.problems() == []


@pytest.mark.parametrize("source", [
    '// TEST_CASE("A064 commented out") {}',
    '/* TEST_CASE("A064 commented out") {} */',
    'CHECK(text == "A064 no name of a test");',
    'const char* text = "TEST_CASE(\\"A064 in a text\\")";',
    'TEST_CASE("A0641, AA064 and A64 are no ids") {}',
])
def test_what_is_no_name_in_cpp(tree, source):
    tree.unit(source + '\nTEST_CASE("A065 R19") {}')
    assert tree.problems() == [missing("A064")]


@pytest.mark.parametrize("source", [
    "def test_A064_no_jid():\n    pass\n",
    "async def test_A064():\n    pass\n",
    'def test_no_jid(bob):\n    """Without jid, A064."""\n',
    "class TestSubscribe:\n    def test_no_jid_A064(self):\n        pass\n",
    '@pytest.mark.parametrize("n", [1, 2], ids=["A064 one", "two"])\ndef test_it(n):\n    pass\n',
    '@pytest.mark.parametrize("n", [pytest.param(1, id="A064")])\ndef test_it(n):\n    pass\n',
    '@pytest.mark.parametrize("n, text", [(1, "A064")])\ndef test_it(n, text):\n    pass\n',
])
def test_names_docstrings_and_parameters_in_python(tree, source):
    tree.unit('TEST_CASE("A065 R19") {}')
    tree.write("tests/e2e/test_subscribe.py", source)
    assert tree.problems() == []


@pytest.mark.parametrize("source", [
    "def helper_A064():\n    pass\n",
    "# A064\ndef test_it():\n    text = 'A064'\n",
    "def test_it():\n    def test_A064():\n        pass\n",
    '@pytest.mark.parametrize("n", ["A064"], ids=["one"])\ndef test_it(n):\n    pass\n',
])
def test_what_is_no_name_in_python(tree, source):
    tree.unit('TEST_CASE("A065 R19") {}')
    tree.write("tests/e2e/test_subscribe.py", source)
    assert tree.problems() == [missing("A064")]


@pytest.mark.parametrize("header", ["A064 A065", "# A064, A065", "<!-- A064 A065 -->",
                                    "Requirements: A064 A065"])
def test_headers_of_examples(tree, header):
    tree.unit('TEST_CASE("R19") {}')
    tree.write("tests/examples/6/31.txt", f"Example 31\n{header}\n\n<iq/>\n")
    assert tree.problems() == []
    assert tree.row("A064").endswith("[examples/6/31.txt](../tests/examples/6/31.txt): 31 |")


@pytest.mark.parametrize("line", ["<item id='A064'/>", "This is about A064.", "\n" * 10 + "A064"])
def test_what_is_no_header(tree, line):
    tree.unit('TEST_CASE("A065 R19") {}')
    tree.write("tests/examples/example-31.txt", line)
    assert tree.problems() == [missing("A064")]


def test_an_unknown_id(tree):
    tree.unit(COVERED + 'TEST_CASE("A999 nobody knows it") {}')
    assert tree.problems() == ["tests/unit/pubsub/subscribe_test.cpp: A999 nobody knows it: "
                               "there is no requirement A999"]


@pytest.mark.parametrize("ids", ["A064-A065", "A064 – A065", "A064..A065", "A064-065"])
def test_a_range_covers_nothing(tree, ids):
    tree.unit(f'TEST_CASE("{ids} R19") {{}}')
    assert tree.problems() == [
        f"tests/unit/pubsub/subscribe_test.cpp: {ids} R19: names the range {ids}, "
        "which covers nothing; name each id", missing("A064"), missing("A065", "SHOULD")]


def test_what_is_not_met_or_does_not_arise_needs_no_test(tree):
    tree.unit('TEST_CASE("R19") {}')
    tree.lists(not_met="A064\tIt needs presence.\n", moot="A065\tThere is a root.\n")
    assert tree.problems() == []
    assert tree.met() == 1
    assert tree.row("A064").endswith("| [not met](#not-met) |")
    assert tree.row("A065").endswith("| *does not arise:* There is a root. |")
    assert tree.page().endswith("| A064 | XEP-0060 §6.1.1 | MUST | A request has a `jid`. | "
                                "It needs presence. |\n")


@pytest.mark.parametrize("name", ["not_met", "moot"])
def test_what_is_listed_has_a_test(tree, name):
    tree.lists(**{name: "R19\tWhy.\n"})
    assert tree.problems() == [
        f"{name}.tsv: R19 has a test, tests/unit/pubsub/subscribe_test.cpp: "
        "§6.1.1 A064 A065 R19 all of it; take it off the list, or out of the test's name"]


def test_lists_that_are_wrong(tree):
    tree.unit('TEST_CASE("A064 A065") {}')
    tree.lists(not_met="R19\tWhy.\nR19\tWhy.\nA998\tWhy.\nA064\n", moot="R19\tWhy not.\n")
    assert tree.problems() == [
        "not_met.tsv:3: R19 is there twice",
        "not_met.tsv:5: not 2 cells, parted by tabs",
        "not_met.tsv: there is no requirement A998",
        "R19 is in both not_met.tsv and moot.tsv"]


def test_requirements_that_are_wrong(tree):
    tree.write("tests/conformance/requirements.tsv", REQUIREMENTS
               + "R19\tXEP-0059\t2\tMUST\tTwice.\nR19a\tXEP-0059\t2\tMIGHT\tNeither.\n")
    assert tree.problems()[:3] == ["requirements.tsv:7: R19 is there twice",
                                   "requirements.tsv:8: R19a is no id",
                                   "requirements.tsv:8: MIGHT is no level"]


def test_a_list_that_is_missing(tree):
    (tree.root / "tests/conformance/moot.tsv").unlink()
    assert tree.problems() == ["moot.tsv is missing"]


def test_a_page_that_is_out_of_date(tree):
    stale = ["docs/conformance.md is out of date: run scripts/conformance-table"]
    assert tree.run("--check").stdout.splitlines()[:-1] == stale
    tree.page()
    assert tree.run("--check").returncode == 0
    tree.unit(COVERED + 'TEST_CASE("A064 another one") {}')
    before = (tree.root / "docs/conformance.md").read_text(encoding="utf-8")
    answer = tree.run("--check")
    assert (answer.returncode, answer.stdout.splitlines()[:-1]) == (1, stale)
    assert (tree.root / "docs/conformance.md").read_text(encoding="utf-8") == before
    assert tree.problems() == []


def test_the_page_is_the_same_whenever_it_is_made(tree):
    for name in ("z", "a", "m"):
        tree.write(f"tests/unit/{name}_test.cpp", 'TEST_CASE("A064") {}')
    assert tree.page() == tree.page()


def test_three_tests_are_shown_and_the_others_counted(tree):
    for number in range(1, 6):
        tree.write(f"tests/storage/{number}_test.cpp", f'TEST_CASE("§6.1 A064 case {number}") {{}}')
    row = tree.row("A064")
    assert row.count("<br>") == 3
    assert "storage/3_test.cpp" in row and "storage/4_test.cpp" not in row
    assert row.endswith("and 3 more |")


@pytest.mark.parametrize("name, shown", [
    ("XEP-0059 §2.2, §6.1.1 A064 R19 trap: pages", "pages"),
    ("A064 <item/> | a_b*", "&lt;item/&gt; \\| a\\_b\\*"),
    ("A064 " + "word " * 30, "word " * 16 + "…"),
    ("A064", "A064"),
])
def test_names_are_shown_short_and_as_text(tree, name, shown):
    tree.unit(f'TEST_CASE("{name}") {{}}')
    assert tree.row("A064").endswith(f": {shown} |")


def test_names_of_functions_are_shown_as_words(tree):
    tree.unit("")
    tree.write("tests/e2e/test_subscribe.py", "def test_6_1_1_A064_no_jid():\n    pass\n")
    assert tree.row("A064").endswith("(../tests/e2e/test_subscribe.py): no jid |")

"""The program as a whole, without a server: help, errors, completion, manual pages, configuration
and diagnosis. What the commands are is read from `crier --help`, so that a new one is tested too."""

import json
import os
import re
import subprocess

import pytest

from harness.crier import PROGRAM

SECRET = "the secret that nobody may see"


def run(*words, stdin="", environment=None):
    variables = {key: value for key, value in os.environ.items() if not key.startswith("CRIER_")}
    return subprocess.run([str(word) for word in (PROGRAM, *words)], input=stdin, text=True,
                          capture_output=True, timeout=30,
                          env={**variables, **(environment or {})})


def shown(*words, **options):
    done = run(*words, **options)
    assert done.returncode == 0 and done.stderr == "", f"{words}: {done.returncode} {done.stderr}"
    return done.stdout


def listed(text, headings):
    """The words that stand in front of lines below headings, such as `Verbs:`."""
    words, inside = [], False
    for line in text.splitlines():
        if re.match(r"\S.*:$", line):
            inside = headings(line)
        elif inside and (found := re.match(r"  ([a-z][a-z-]*)\s", line)):
            words.append(found[1])
    return words


def all_commands():
    """Each command, and each verb of each command."""
    commands = listed(shown("--help"), lambda heading: not heading.startswith("First steps"))
    found = []
    for command in commands:
        found.append((command,))
        found += [(command, verb) for verb in listed(shown(command, "--help"),
                                                     lambda heading: heading == "Verbs:")]
    return found


@pytest.fixture(scope="module")
def commands():
    found = all_commands()
    assert {("serve",), ("node", "create"), ("item", "publish"), ("config", "check")} <= set(found)
    return found


def options_in(text):
    return set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", text, re.MULTILINE))


def test_every_command_has_help_with_an_example(commands):
    for words in commands:
        text = shown(*words, "--help")
        assert "--help" in text, words
        if (*words,) in {command[:1] for command in commands if len(command) > 1}:
            assert "Verbs:" in text, words
        else:
            assert f"crier {' '.join(words)}" in text.partition("Examples:")[2], words


def test_help_of_a_command_is_its_help_option(commands):
    for words in commands[:6]:
        assert shown("help", *words) == shown(*words, "--help")
    assert shown("help") == shown("--help") == shown("-h")


def test_first_steps_are_commands_that_exist(commands):
    steps = re.findall(r"crier ([a-z]+)(?: ([a-z]+))?", shown("--help").partition("First steps:")[2]
                       .partition("\n\n")[0])
    assert len(steps) >= 3
    for noun, verb in steps:
        assert (noun,) in commands
        assert (noun, verb) in commands or not any(words[1:] and words[0] == noun
                                                   for words in commands)


def test_unknown_options_are_told_of_in_one_line(commands):
    for words in commands:
        done = run(*words, "--no-such-option")
        # Everything about the configuration of the service is 78, as its documentation says.
        assert done.returncode == (78 if words == ("serve",) else 64), (words, done)
        assert len(done.stderr.splitlines()) == 1 and done.stdout == "", (words, done)


def test_without_arguments_nothing_is_unknown(commands):
    """Every command says what is missing, or does its work; none breaks."""
    for words in commands:
        done = run(*words, environment={"XDG_RUNTIME_DIR": "/nonexistent", "HOME": "/nonexistent"})
        # 68: a service that runs no more has left its control socket on this machine.
        assert done.returncode in (0, 1, 64, 65, 68, 69, 74, 75, 77, 78), (words, done)
        assert len(done.stderr.splitlines()) <= 1, (words, done)
        assert "unknown error" not in done.stderr.lower(), (words, done)
        assert "terminate called" not in done.stderr, (words, done)


@pytest.mark.parametrize("words, meant", [
    (["ndoe"], "node"), (["node", "craete"], "create"), (["node", "list", "--jsn"], "--json"),
    (["help", "itm"], "item")])
def test_a_slip_of_the_pen_gets_a_suggestion(words, meant):
    done = run(*words)
    assert done.returncode == 64 and f'did you mean "{meant}"?' in done.stderr


def test_manual_pages_tell_every_command_and_option(commands, tmp_path):
    shown("manual", tmp_path / "man1")
    pages = {page.name: page.read_text() for page in (tmp_path / "man1").iterdir()}
    nouns = [words[0] for words in commands if len(words) == 1]
    assert set(pages) == {"crier.1"} | {f"crier-{noun}.1" for noun in nouns}
    for words in commands:
        page = pages[f"crier-{words[0]}.1"]
        assert words[1:] == () or f".SS {words[1]}\n" in page, words
        for option in options_in(shown(*words, "--help")):
            assert option.replace("-", r"\-") in page, (words, option)
    for noun in nouns:
        assert f"crier {noun}\\fR" in pages["crier.1"].replace(r"\-", "-")
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *(tmp_path / "man1").iterdir()],
                          text=True, capture_output=True, check=False)
    # A page has no date: builds are to be reproducible.
    assert [line for line in lint.stdout.splitlines() if "missing date" not in line] == []


def complete_bash(script, *words):
    code = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); '
            '_crier; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "--norc", "-c", code, "bash", script, "crier", *words],
                          text=True, capture_output=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def complete_zsh(script, *words):
    code = ("compdef() { : }; compadd() { shift; print -l -- $@ }; _files() { print FILES }; "
            "source $1 2>/dev/null; shift; words=(\"$@\"); CURRENT=$#words; _crier")
    done = subprocess.run(["zsh", "-f", "-c", code, "zsh", script, "crier", *words],
                          text=True, capture_output=True, check=True)
    return {word for word in done.stdout.split() if word.startswith(words[-1])}


def complete_fish(script, *words):
    line = " ".join(["crier", *words])
    done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
                          text=True, capture_output=True, check=True)
    return {each.split("\t")[0] for each in done.stdout.splitlines()}


COMPLETERS = {"bash": complete_bash, "zsh": complete_zsh, "fish": complete_fish}


@pytest.mark.parametrize("shell", COMPLETERS)
def test_completion(commands, shell, tmp_path):
    script = tmp_path / "script"
    script.write_text(shown("completion", shell))
    complete = COMPLETERS[shell]
    nouns = {words[0] for words in commands}
    assert complete(script, "") == nouns | {"help"}
    for noun in ("node", "config"):
        assert complete(script, noun, "") == {words[1] for words in commands
                                              if words[0] == noun and words[1:]}
    for words in (("node", "create"), ("item", "publish"), ("serve",), ("config", "check")):
        assert options_in(shown(*words, "--help")) <= complete(script, *words, "--"), words
    # The value of an option is no verb, and a file where a file belongs.
    assert "create" in complete(script, "node", "--jid", "list", "cr")
    assert complete(script, "completion", "") == {"bash", "zsh", "fish"}
    if shell != "zsh":
        (tmp_path / "crier.toml").write_text("")
        assert str(tmp_path / "crier.toml") in complete(script, "serve", "--config",
                                                        f"{tmp_path}/cri")


@pytest.fixture
def configuration(tmp_path):
    """A file of options that is right."""
    (tmp_path / "secret").write_text(SECRET + "\n")
    (tmp_path / "secret").chmod(0o600)
    file = tmp_path / "crier.toml"
    file.write_text('domain = "pubsub.localhost"\nserver = "127.0.0.1:1"\n'
                    f'secret-file = "{tmp_path}/secret"\ndatabase = "{tmp_path}/crier.db"\n')
    return file


def test_config_check_tells_all_mistakes(configuration):
    assert shown("config", "check", "--config", configuration) == "OK\n"
    configuration.write_text('server = "nowhere"\nmax-items = "many"\nbogus = 1\n')
    done = run("config", "check", "--config", configuration)
    assert done.returncode == 78 and len(done.stderr.splitlines()) == 1
    for option in ("--server", "--max-items", "bogus", "--domain", "--secret-file", "--database"):
        assert option in done.stdout
    told = json.loads(run("config", "check", "--json", "--config", configuration).stdout)
    assert told["ok"] is False and len(told["problems"]) == len(done.stdout.splitlines())


def test_config_show_is_read_back(configuration, tmp_path):
    first = shown("config", "show", "--config", configuration, "--admin", "a@localhost",
                  environment={"CRIER_MAX_ITEMS": "7"})
    again = tmp_path / "again.toml"
    again.write_text(first)

    def values(text):
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    assert values(shown("config", "show", "--config", again)) == values(first)
    entries = {entry["option"]: entry for entry in json.loads(
        shown("config", "show", "--json", "--config", configuration,
              environment={"CRIER_MAX_ITEMS": "7"}))}
    assert entries["max-items"] == {"option": "max-items", "value": "7", "source": "environment"}
    assert entries["domain"]["source"] == "file"
    assert entries["log-level"]["source"] == "default"


def test_config_defaults_are_read_back(configuration):
    configuration.write_text(configuration.read_text() + shown("config", "defaults"))
    assert shown("config", "check", "--config", configuration) == "OK\n"


def findings(done):
    return {finding["check"]: finding for finding in json.loads(done.stdout)}


def test_doctor_says_what_to_do(configuration, tmp_path):
    (tmp_path / "secret").chmod(0o644)
    done = run("doctor", "--config", configuration, "--json")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    found = findings(done)
    assert found["server"]["result"] == "FAIL" and found["server"]["advice"]
    assert found["secret file"]["result"] == "warning"
    assert found["database"]["result"] == "ok"
    assert found["DNS"]["result"] == "skipped"
    assert all(each["advice"] for each in found.values() if each["result"] in ("warning", "FAIL"))
    assert SECRET not in done.stdout and not (tmp_path / "crier.db").exists()
    text = run("doctor", "--config", configuration).stdout
    assert "\x1b" not in text and re.search(r"^FAIL +server ", text, re.MULTILINE)

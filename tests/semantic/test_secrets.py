from __future__ import annotations

import pytest

from mllint.knowledge import secrets as known
from mllint.semantic.secret_commands import command_secrets
from mllint.semantic.secrets import Strength, assignments_in, is_secret_name, secrets_in, value_strength
from mllint.shell.parser import parse_script
from mllint.source import Source, Text

# Made up of one syllable, so that nobody takes them for real ones.
HUB = "hf_" + "QwErTy" * 6
GITHUB = "ghp_" + "QwErTy" * 6


def text_of(text):
    return Text.plain(Source("x", text).span(0, len(text)))


def found(text):
    return [secret.span.text for secret in secrets_in(text_of(text))]


@pytest.mark.parametrize(
    "token",
    [
        HUB,
        GITHUB,
        "sk-" + "QwErTy12" * 5,
        "sk-proj-" + "QwErTy_1" * 6,
        "AKIA" + "QWERTYQWERTYQWER",
        "AIza" + "QwErT" * 7,
        "glpat-" + "QwErTy1234QwErTy1234",
        "gsk_" + "QwEr" * 13,
        "lsv2_pt_" + "0a1b2c3d" * 4 + "_" + "0a1b2c3d4e",
        "xoxb-" + "112233445566-QwErTyQwErTy",
    ],
)
def test_tokens_give_themselves_away(token):
    assert found(f"a={token} b") == [token]
    assert found(f"'https://x.example/{token}/y'") == [token]
    assert found(f"x{token}") == [], "a token is a word of its own"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://app:s3cretword@db/x", ["s3cretword"]),
        ("https://build:s3cretword@$HOST/simple", ["s3cretword"]),
        ("curl -H 'Authorization: Bearer abcd1234efgh5678'", ["abcd1234efgh5678"]),
        ("https://oauth2:$TOKEN@git.example/x", []),
        ("https://user:pass@host.example/", []),
        ("https://x:${P}@host.example/ http://host:8080@x.example", []),
        ("Authorization: Bearer ${TOKEN}", []),
        ("hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", []),
        ("hf_your_token_goes_here_your_token_goes", []),
        ("AKIAIOSFODNN7EXAMPLE", []),
        ("sha256:" + "0a1b2c3d" * 8, []),
        ("task-" + "QwErTy12" * 5, []),
        ("pypi-server sk-learn", []),
    ],
)
def test_urls_headers_and_placeholders(text, expected):
    assert found(text) == expected


def test_a_key_is_covered_to_its_end():
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "QwErTy12" * 12 + "\n-----END RSA PRIVATE KEY-----"

    assert found(f"echo '{key}' > key") == [key]
    assert found("grep 'BEGIN RSA PRIVATE KEY-----' x") == []


@pytest.mark.parametrize(
    "name",
    [
        "HF_TOKEN",
        "token",
        "github_token",
        "personalAccessToken",
        "WANDB_API_KEY",
        "KAGGLE_KEY",
        "DB_PASS",
        "MYSQL_PWD",
        "AWS_SECRET_ACCESS_KEY",
        "com.example.api-key",
        "GPG_PASSPHRASE",
        "SIGNING_PRIVATE_KEY",
        "DJANGO_SECRET_KEY",
        "OPENSEARCH_PW",
        "IMAGE_REGISTRY_PASSWORD",
        "APT_PROXY_PASSWORD",
        "--auth-token",
    ],
)
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "TOKENIZERS_PARALLELISM",
        "MAX_TOKENS",
        "PAD_TOKEN",
        "EOS_TOKEN",
        "IMAGE_TOKEN",
        "TOKEN_FILE",
        "API_KEY_PATH",
        "PASSWORD_HASHER",
        "ALLOW_EMPTY_PASSWORD",
        "PASSWORDLESS",
        "GPG_KEY",
        "APT_KEY",
        "SSH_PUBLIC_KEY",
        "AWS_ACCESS_KEY_ID",
        "KMS_KEY_NAME",
        "TOKEN_URL",
        "PWD",
        "OLDPWD",
        "BYPASS",
        "SECRET_NAME",
        "KEY",
        "CACHE_KEY",
        "NO_PASSWORD",
        "DISABLE_TOKEN",
        "NEXT_TOKEN",
        "COMPASS",
    ],
)
def test_names_that_only_sound_so(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("name", "value", "strength"),
    [
        ("API_KEY", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", Strength.REAL),
        ("DB_PASSWORD", "correcthorse", Strength.REAL),
        ("DB_PASSWORD", "abc", Strength.WEAK),
        ("DB_PASSWORD", "postgres", Strength.DEFAULT),
        ("API_KEY", "postgres", None),
        ("SECRET_KEY", "supersecretkey", Strength.WEAK),
        ("API_KEY", "short", None),
        ("API_KEY", "changeme", None),
        ("API_KEY", "your-key-here", None),
        ("API_KEY", "EMPTY", None),
        ("API_KEY", '""', None),
        ("API_KEY", "$OTHER", None),
        ("API_KEY", "/run/secrets/key", None),
        ("API_KEY", "gcp.json", None),
        ("API_KEY", "4096", None),
        ("API_KEY", "some words", None),
        ("AUTH_TOKEN", "true", None),
        ("TOKEN", "https://auth.example/token", None),
    ],
)
def test_values(name, value, strength):
    assert value_strength(name, value) is strength


def test_lines_of_a_written_file():
    text = 'MODE=1\nexport DB_PASSWORD="aabb1122ccdd3344"\napi_key: 0a1b2c3d4e5f60718293\nsecret_name: some-name\n'

    assert [secret.span.text for secret in assignments_in(text_of(text))] == [
        "aabb1122ccdd3344",
        "0a1b2c3d4e5f60718293",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo root:hunter2x | chpasswd", ["hunter2x"]),
        ('printf "a:b1\\nc:d2\\n" | chpasswd', ["b1", "d2"]),
        ('echo "$NAME:hunter2x" | sudo chpasswd', ["hunter2x"]),
        ("chpasswd <<EOF\nroot:hunter2x\nEOF\n", ["hunter2x"]),
        ("chpasswd <<< 'root:hunter2x'", ["hunter2x"]),
        ("useradd -m -p hunter2x app", ["hunter2x"]),
        ("usermod --password=hunter2x app", ["hunter2x"]),
        ("useradd -p $(openssl passwd -1 hunter2x) app", ["$(openssl passwd -1 hunter2x)"]),
        ("mysql --password=hunter2xyz -e x", ["hunter2xyz"]),
        ("tool --api-key '0a1b2c3d4e5f60718293a4b5'", ["0a1b2c3d4e5f60718293a4b5"]),
        ("docker login -u a -p hunter2xyz", ["hunter2xyz"]),
        ("HF_TOKEN=0a1b2c3d4e5f60718293a4b5 python x.py", ["0a1b2c3d4e5f60718293a4b5"]),
        (f"wandb login --relogin {'0a1b2c3d4e' * 4}", ["0a1b2c3d4e" * 4]),
        ('echo "root:$P" | chpasswd', []),
        ("echo root:**** | chpasswd", []),
        ("useradd -m app", []),
        ("useradd -p '*' app", []),
        ('useradd -p "$(openssl passwd -1 $P)" app', []),
        ("adduser --disabled-password app", []),
        ("mkdir -p hunter2x", []),
        ("tool --token $T --password '' --api-key", []),
        ("docker run -p 8080:80 x", []),
        ("wandb login", []),
        ("export PATH=/x HF_TOKEN=$(cat /run/secrets/t)", []),
    ],
)
def test_words_of_commands(text, expected):
    script = parse_script(text_of(text), lambda _: None)

    assert [secret.span.text for secret in command_secrets(script.commands)] == expected


def test_descriptions_repeat_nothing():
    texts = [f"x={HUB}", "postgres://app:s3cretword@db/x"]

    for text in texts:
        for secret in secrets_in(text_of(text)):
            assert secret.span.text not in secret.what
            assert secret.span.text[:5] not in secret.what


def test_the_tables_are_sound():
    import re

    for row in known.TOKENS:
        assert re.compile(row.pattern).groups == 0, row
        assert row.what.startswith(("a ", "an "))
    assert all(
        name == name.upper()
        for name in (*known.SECRET_NAMES, *known.SECRET_ENDINGS, *known.SWITCHES, *known.TEXT_TOKENS)
    )
    assert all(value == value.lower() for value in (*known.PLACEHOLDERS, *known.DEFAULTS))
    assert not known.PLACEHOLDERS & known.DEFAULTS

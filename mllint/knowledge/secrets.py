# ruff: noqa: E501
"""Secrets: what tokens look like, and the variables that hold them.

The patterns are hints: services change them. `sure` is true where the service's own documentation or source fixes the
form, so that a match is a token and nothing else; the others need a telling variable or command beside them.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "documentation and client packages of the services named"
CHECKED = "2026-11-20"


class TokenPattern(NamedTuple):
    """A kind of token. The pattern is a regular expression without groups; `prefix` is the text it starts with."""

    #: What a message calls it.
    what: str
    prefix: str
    pattern: str
    variable: str = ""
    """Where the service's own client looks for it; "" where it has no such variable."""
    sure: bool = True


#: Tokens that a prefix gives away. More telling prefixes stand first (`sk-ant-` in front of `sk-`).
TOKENS = (
    TokenPattern("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{30,64}", "HF_TOKEN"),
    TokenPattern("a Hugging Face organisation token", "api_org_", r"api_org_[A-Za-z]{34}", "HF_TOKEN", sure=False),
    TokenPattern("a Weights & Biases key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{40,}", "WANDB_API_KEY", sure=False),
    TokenPattern("an Anthropic key", "sk-ant-", r"sk-ant-(?:api|admin|oat)\d\d-[A-Za-z0-9_-]{60,}", "ANTHROPIC_API_KEY"),
    TokenPattern("an OpenRouter key", "sk-or-v1-", r"sk-or-v1-[0-9a-f]{64}", "OPENROUTER_API_KEY", sure=False),
    TokenPattern("a Langfuse key", "sk-lf-", r"sk-lf-[0-9a-f]{8}-[0-9a-f-]{27}", "LANGFUSE_SECRET_KEY", sure=False),
    TokenPattern("an OpenAI key", "sk-", r"sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|[A-Za-z0-9]{32,64})", "OPENAI_API_KEY"),
    TokenPattern("a Google key", "AIza", r"AIza[0-9A-Za-z_-]{35}", "GOOGLE_API_KEY"),
    TokenPattern("an NVIDIA key", "nvapi-", r"nvapi-[A-Za-z0-9_-]{60,}", "NVIDIA_API_KEY", sure=False),
    TokenPattern("an AWS access key", "AKIA", r"AKIA[0-9A-Z]{16}", "AWS_ACCESS_KEY_ID"),
    TokenPattern("a Replicate token", "r8_", r"r8_[A-Za-z0-9]{37}", "REPLICATE_API_TOKEN", sure=False),
    TokenPattern("a Groq key", "gsk_", r"gsk_[A-Za-z0-9]{52}", "GROQ_API_KEY", sure=False),
    TokenPattern("a Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{40,}", "PERPLEXITY_API_KEY", sure=False),
    TokenPattern("an xAI key", "xai-", r"xai-[A-Za-z0-9]{80}", "XAI_API_KEY", sure=False),
    TokenPattern("a Pinecone key", "pcsk_", r"pcsk_[A-Za-z0-9_]{60,}", "PINECONE_API_KEY", sure=False),
    TokenPattern("a LangSmith key", "lsv2_", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}", "LANGSMITH_API_KEY", sure=False),
    TokenPattern("a Databricks token", "dapi", r"dapi[0-9a-f]{32}", "DATABRICKS_TOKEN", sure=False),
    *(TokenPattern("a GitHub token", f"gh{kind}_", rf"gh{kind}_[A-Za-z0-9]{{36,}}", "GH_TOKEN") for kind in "pousr"),
    TokenPattern("a GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9_]{60,}", "GH_TOKEN"),
    TokenPattern("a GitLab token", "glpat-", r"glpat-[A-Za-z0-9_-]{20,}", "GITLAB_TOKEN"),
    TokenPattern("a token of the Python package index", "pypi-", r"pypi-AgE[A-Za-z0-9_-]{50,}"),
    TokenPattern("an npm token", "npm_", r"npm_[A-Za-z0-9]{36}", "NPM_TOKEN"),
    TokenPattern("a Kaggle token", "KGAT_", r"KGAT_[0-9a-f]{32}", "KAGGLE_API_TOKEN", sure=False),
    TokenPattern("a RunPod key", "rpa_", r"rpa_[A-Z0-9]{40,}", "RUNPOD_API_KEY", sure=False),
    TokenPattern("a Slack token", "xox", r"xox[baprs]-[0-9A-Za-z]{8,}-[A-Za-z0-9-]{10,}"),
    TokenPattern("an Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    TokenPattern("a JSON web token", "eyJ", r"eyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}"),
)  # fmt: skip

#: Programs that take a token as a word or an option, and the variable that they read instead.
VARIABLES = {
    "hf": "HF_TOKEN", "huggingface-cli": "HF_TOKEN", "wandb": "WANDB_API_KEY", "gh": "GH_TOKEN",
    "databricks": "DATABRICKS_TOKEN", "comet": "COMET_API_KEY", "replicate": "REPLICATE_API_TOKEN",
}  # fmt: skip

#: Variables of services that machine learning uses, whose names alone do not end in a telling word.
SECRET_NAMES = frozenset(
    {
        "KAGGLE_KEY", "WANDB_KEY", "OPENAI_KEY", "HF_KEY", "AZURE_STORAGE_KEY", "AZURE_OPENAI_KEY", "COHERE_KEY",
        "NGC_KEY", "HUGGING_FACE_KEY", "HUGGINGFACE_KEY", "ANTHROPIC_KEY", "GEMINI_KEY", "PINECONE_KEY", "GROQ_KEY", "AZURE_SPEECH_KEY", "GIT_PAT", "GITHUB_PAT", "GH_PAT", "AZURE_STORAGE_CONNECTION_STRING", "SSH_PRIVATE_KEY", "SSH_KEY", "SSH_PRV_KEY", "GCP_SERVICE_ACCOUNT_KEY",
        "SECRET_KEY_BASE", "RAILS_MASTER_KEY", "ACCOUNT_KEY", "CONNECTION_STRING",
    }
)  # fmt: skip
#: The ends of names (whole words) that say "secret"; several words are parted by blanks.
SECRET_ENDINGS = (
    "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "APIKEY", "API KEY", "SECRET KEY", "ACCESS KEY", "PRIVATE KEY",
    "AUTH KEY", "LICENSE KEY", "MASTER KEY", "ENCRYPTION KEY", "ACCESSKEY", "SECRETKEY", "DB PASS", "DATABASE PASS", "USER PASS", "ROOT PASS",
    "ADMIN PASS", "POSTGRES PASS", "MYSQL PASS", "REDIS PASS", "SMTP PASS", "MAIL PASS", "EMAIL PASS", "FTP PASS", "SSH PASS",
    "VNC PASS", "PROXY PASS", "REGISTRY PASS", "DOCKER PASS", "GIT PASS", "AUTH PASS", "HTTP PASS", "PW", "DB PWD", "USER PWD", "ROOT PWD", "ADMIN PWD", "MYSQL PWD",
)  # fmt: skip
#: Words in front of TOKEN that make it one of a text.
TEXT_TOKENS = frozenset(
    {
        "PAD", "EOS", "BOS", "UNK", "MASK", "CLS", "SEP", "SPECIAL", "STOP", "START", "END", "MAX", "MIN", "NUM", "PER", "IMAGE", "VIDEO",
        "AUDIO", "NEXT", "EXTRA", "MULTI", "NEW",
    }
)  # fmt: skip
#: Words at the start of a switch (`REQUIRE_TOKEN=1`).
SWITCHES = frozenset(
    {
        "ALLOW", "NO", "DISABLE", "ENABLE", "REQUIRE", "USE", "SKIP", "HAS", "WITH", "WITHOUT", "CHECK", "VALIDATE", "VERIFY", "IS", "SHOW", "HIDE",
        "EXPIRE", "GENERATE", "ROTATE", "RESET",
    }
)  # fmt: skip
#: Words that make a key, or a password, harmless.
PUBLIC_WORDS = frozenset({"PUBLIC", "PUB", "EMPTY", "PASSWORDLESS"})

#: Values that stand for a secret without being one. `test` and the like are passwords that work, see DEFAULTS.
PLACEHOLDERS = frozenset(
    {
        "", "none", "null", "nil", "true", "false", "yes", "no", "on", "off", "0", "1", "-", "empty", "dummy", "fake", "foo", "bar", "unused",
        "placeholder", "changeme", "change_me", "change-me", "changeit", "replaceme", "replace_me", "todo", "tbd", "xxx", "token", "key",
        "not-needed", "not_needed", "notneeded", "no-key", "no-key-required", "sk-no-key-required", "unset", "undefined", "redacted", "hidden",
        "ollama", "lm-studio", "local", "build", "build-only", "dev", "ci", "secret-key", "your-key", "here", "disabled", "default", "anonymous",
        "auto", "required", "optional", "string", "value", "na", "n/a",
    }
)  # fmt: skip
#: Passwords that everyone tries first: they work, and they guard nothing.
DEFAULTS = frozenset(
    {
        "postgres", "password", "passw0rd", "password123", "admin", "admin123", "root", "toor", "123456", "12345678", "1234", "12345", "secret",
        "test", "guest", "docker", "user", "mysql", "redis", "mongo", "minioadmin", "minio", "minio123", "airflow", "mlflow", "jupyter", "ubuntu", "pass",
        "letmein", "qwerty", "welcome", "demo", "example", "neo4j", "elastic", "rabbitmq", "grafana", "superset", "prefect", "mypassword",
    }
)  # fmt: skip

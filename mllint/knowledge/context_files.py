# ruff: noqa: E501
"""Files that a working copy holds beside the code: datasets, records of experiments, caches, environments, secrets.

The rows are from memory of the tools' own documentation where `SOURCE` names no other; messages state names and sizes
that were read from the disk, never these rows alone.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "file formats and documentation of the tools named"
CHECKED = "2026-11-20"

# Data

#: Endings of formats that nothing but data is kept in.
DATA_ENDINGS = (
    ".parquet", ".arrow", ".feather", ".tfrecord", ".tfrecords", ".lmdb", ".mdb", ".avro", ".orc", ".beton", ".mds", ".wds",
    ".dcm", ".nii", ".nii.gz", ".las", ".laz", ".pcd", ".npy", ".mat", ".rec",
)  # fmt: skip
#: Endings of texts, and of packed texts, which are data from some size on.
TEXT_DATA_ENDINGS = (
    ".csv", ".tsv", ".jsonl", ".ndjson", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".csv.zip", ".csv.bz2", ".json.gz", ".jsonl.zst", ".libsvm", ".arff", ".sqlite", ".sqlite3", ".db", ".hdf5", ".h5",
)  # fmt: skip
#: What a text that trains a model is called, without its ending and its numbers.
DATA_NAMES = r"(?i)(.*[-_.])?(train|training|test|testing|val|valid|validation|dataset|data|features|labels|corpus|samples)([-_.].*)?"
#: Folders of datasets (lower case, `-` written as `_`).
DATA_FOLDERS = frozenset(
    {
        "data", "dataset", "datasets", "raw_data", "data_raw", "train_data", "training_data", "test_data", "input_data", "traindata",
    }
)  # fmt: skip
#: Endings of code, settings and texts, which a folder called `data` may hold as well.
CODE_ENDINGS = (
    ".py", ".pyi", ".sh", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".md", ".rst", ".json", ".sql", ".js", ".ts", ".html", ".css", ".c", ".cc",
    ".cpp", ".h", ".hpp", ".cu", ".go", ".rs", ".java", ".proto", ".jinja", ".j2", ".dvc", ".gitignore", ".gitkeep", ".lock", ".ipynb",
)  # fmt: skip

# What a copy of the whole context takes along


class Folder(NamedTuple):
    """A folder by its name (lower case), wherever it lies, that an image has no use for."""

    name: str
    #: What a message calls it.
    what: str
    #: "history", "records", "caches" or "environments".
    kind: str


FOLDERS = (
    Folder(".git", "the repository's history", "history"),
    Folder(".hg", "the repository's history", "history"),
    Folder(".svn", "the repository's history", "history"),
    Folder("wandb", "Weights & Biases runs", "records"),
    Folder("mlruns", "MLflow runs", "records"),
    Folder("mlartifacts", "MLflow artifacts", "records"),
    Folder(".neptune", "Neptune runs", "records"),
    Folder(".aim", "Aim runs", "records"),
    Folder(".comet", "Comet runs", "records"),
    Folder(".clearml", "ClearML runs", "records"),
    Folder("lightning_logs", "Lightning runs", "records"),
    Folder("tb_logs", "TensorBoard logs", "records"),
    Folder("multirun", "Hydra runs", "records"),
    Folder(".ipynb_checkpoints", "notebook checkpoints", "records"),
    Folder("__pycache__", "compiled Python", "caches"),
    Folder(".pytest_cache", "a cache", "caches"),
    Folder(".mypy_cache", "a cache", "caches"),
    Folder(".ruff_cache", "a cache", "caches"),
    Folder(".hypothesis", "a cache", "caches"),
    Folder(".cache", "a cache", "caches"),
    Folder(".tox", "test environments", "environments"),
    Folder(".nox", "test environments", "environments"),
    Folder("node_modules", "installed packages", "environments"),
)
#: A folder that holds one of these is a virtual environment, or a conda environment, whatever its name.
ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta/history")
#: Names of virtual environments, for a look at what an ignore file forgets.
ENVIRONMENT_NAMES = frozenset({".venv", "venv", "env", ".env", "virtualenv", ".conda"})
#: What TensorBoard's writers call their files.
EVENT_FILE = "events.out.tfevents."
#: Folders of notebooks.
NOTEBOOK_FOLDERS = frozenset({"notebooks", "notebook", "nbs"})
#: The lines of a .dockerignore that nearly every machine-learning project wants.
IGNORE_LINES = (".git", ".env", "**/__pycache__", ".venv", "data/", "wandb/", "mlruns/", "**/*.ipynb")

# Secrets


class SecretFile(NamedTuple):
    """A file that holds a secret by its name."""

    #: The last parts of the path, lower case, with `*` for any text without `/`.
    name: str
    #: What a message calls it.
    what: str
    #: Whether the name alone, its content unknown, says so: True, False for "likely", None for "not at all".
    sure: bool | None
    #: What its text holds where it has a form of its own; "" for the general ones: tokens, keys, `NAME=value`.
    content: str = ""


SECRET_FILES = (
    SecretFile("kaggle.json", "a Kaggle key", True, r'"key"\s*:\s*"(?:[0-9a-f]{32}|KGAT_)'),
    SecretFile(".netrc", "passwords of hosts", True, r"\bpassword\s+\S{8,}"),
    SecretFile("_netrc", "passwords of hosts", True, r"\bpassword\s+\S{8,}"),
    SecretFile("id_rsa", "an SSH private key", True),
    SecretFile("id_dsa", "an SSH private key", True),
    SecretFile("id_ecdsa", "an SSH private key", True),
    SecretFile("id_ed25519", "an SSH private key", True),
    SecretFile(".ssh/*_rsa", "an SSH private key", True),
    SecretFile(".aws/credentials", "AWS keys", True, r"aws_secret_access_key\s*=\s*\S{20,}"),
    SecretFile(".config/gcloud/application_default_credentials.json", "Google Cloud credentials", True, r'"(refresh_token|private_key)"\s*:\s*"\S{10,}'),
    SecretFile("service_account*.json", "a Google Cloud key", True, r'"private_key"\s*:\s*"-----BEGIN'),
    SecretFile("service-account*.json", "a Google Cloud key", True, r'"private_key"\s*:\s*"-----BEGIN'),
    SecretFile("serviceaccount*.json", "a Google Cloud key", True, r'"private_key"\s*:\s*"-----BEGIN'),
    SecretFile("client_secret*.json", "an OAuth client's secret", True, r'"client_secret"\s*:\s*"\S{10,}'),
    SecretFile("credentials.json", "credentials", True, r'"(private_key|client_secret|refresh_token|access_token|secret\w*|password|api_?key)"\s*:\s*"\S{10,}'),
    SecretFile(".huggingface/token", "a Hugging Face token", True, r"\S{20,}"),
    SecretFile("huggingface/token", "a Hugging Face token", True, r"\S{20,}"),
    SecretFile("hf_token*", "a Hugging Face token", False),
    SecretFile("token.txt", "a token", True, r"\A\s*[\w.-]{20,}\s*\Z"),
    SecretFile(".git-credentials", "git passwords", True),
    SecretFile(".pypirc", "passwords of package indexes", True, r"password\s*[:=]\s*\S{8,}"),
    SecretFile(".npmrc", "a token of a package index", None, r"_(authToken|auth|password)\s*=\s*[\"']?[^$\s\"'][^\s\"']{7,}"),
    SecretFile("pip.conf", "the password of a package index", None),
    SecretFile("pip.ini", "the password of a package index", None),
    SecretFile(".docker/config.json", "registry passwords", True, r'"auth"\s*:\s*"[^"]{8,}'),
    SecretFile(".dockercfg", "registry passwords", True, r'"auth"\s*:\s*"[^"]{8,}'),
    SecretFile(".kube/config", "a cluster's credentials", True, r"(client-key-data|token|password)\s*:\s*\S{10,}"),
    SecretFile("kubeconfig", "a cluster's credentials", True, r"(client-key-data|token|password)\s*:\s*\S{10,}"),
    SecretFile(".streamlit/secrets.toml", "the app's secrets", True),
    SecretFile("secrets.toml", "secrets", False),
    SecretFile("secrets.yaml", "secrets", False),
    SecretFile("secrets.yml", "secrets", False),
    SecretFile("secrets.json", "secrets", False),
    SecretFile("*.p12", "a private key", False),
    SecretFile("*.pfx", "a private key", False),
    SecretFile("*.ppk", "a private key", True),
    SecretFile("*.pem", "a private key", False, r"-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----"),
    SecretFile("*.key", "a private key", False, r"-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----"),
    SecretFile(".env", "environment variables with keys", True),
    SecretFile(".env.*", "environment variables with keys", False),
    SecretFile("*.env", "environment variables with keys", False),
)  # fmt: skip
#: Folders with nothing but credentials in them.
SECRET_FOLDERS = {
    ".aws": "AWS keys", ".ssh": "SSH keys", ".kaggle": "a Kaggle key", ".azure": "Azure credentials", ".gnupg": "PGP keys", ".huggingface": "a Hugging Face token",
    ".config/gcloud": "Google Cloud credentials", ".kube": "a cluster's credentials",
}  # fmt: skip
#: Words of a name that make a file an example, a test's or a public one.
HARMLESS_WORDS = frozenset(
    {
        "example", "examples", "sample", "template", "tmpl", "tpl", "dist", "default", "defaults", "test", "tests", "testing", "ci", "public", "pub",
        "cert", "certs", "crt", "certificate", "certificates", "ca", "cacert", "bundle", "chain", "fullchain", "root", "dummy", "fake", "mock", "spec", "schema", "demo",
    }
)  # fmt: skip
#: Folders whose keys belong to tests, to examples or to installed packages.
HARMLESS_FOLDERS = frozenset(
    {
        "test", "tests", "testing", "testdata", "test_data", "fixtures", "fixture", "examples", "example", "samples", "node_modules", "site-packages", "docs", "third_party",
        "vendor", "mock", "mocks", "e2e", "spec", ".git",
    }
)  # fmt: skip

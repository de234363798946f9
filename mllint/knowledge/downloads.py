# ruff: noqa: E501
"""What downloads model weights and the data of text libraries, where that is kept, and how large well-known weights are.

Where `sure` is false a row is from memory, or the command fetches other things as well.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "documentation of the tools named; entry points read from huggingface_hub's wheels"
CHECKED = "2026-11-20"


#: Scripts that fetch weights, by their names; used only where the script itself cannot be read.
SCRIPT_NAME = (
    r"(?:pre)?(?:down_?load|fetch|get|pull|load|cache|warm_?up)(?:er|ing|s)?[_-]?(?:\w+[_-])?"
    r"(?:models?|weights?|checkpoints?|ckpts?|pretrained)|"
    r"(?:models?|weights?|checkpoints?)[_-]?(?:down_?load|fetch|pull)(?:er|ing|s)?"
)


class PythonIdiom(NamedTuple):
    """A call that downloads. `name` is the end of the dotted name, whole parts only."""

    name: str
    #: Who does it, as the message says it.
    tool: str
    #: "weights", "text data" (small: spaCy, NLTK), or "dataset".
    kind: str
    #: The position and the keyword of the argument that says what.
    position: int | None
    keywords: tuple[str, ...]
    #: Where it lands without further words: a key of CACHES; "" for the working folder.
    cache: str
    #: It downloads only where a keyword is true, by its name.
    only_with: str = ""
    #: Keywords that say where it lands.
    targets: tuple[str, ...] = ()
    #: Without an argument (or with one that is not known) it downloads all the same.
    always: bool = False


_HF = ("local_dir", "cache_dir")
_WEIGHTS, _TEXT, _DATASET = "weights", "text data", "dataset"

PYTHON_IDIOMS = (
    PythonIdiom("modelscope.snapshot_download", "ModelScope", _WEIGHTS, 0, ("model_id",), "modelscope", targets=_HF),
    PythonIdiom("snapshot_download", "snapshot_download", _WEIGHTS, 0, ("repo_id", "model_id"), "huggingface", targets=_HF, always=True),
    PythonIdiom("hf_hub_download", "hf_hub_download", _WEIGHTS, 0, ("repo_id",), "huggingface", targets=_HF, always=True),
    PythonIdiom("from_pretrained", "from_pretrained", _WEIGHTS, 0, ("pretrained_model_name_or_path", "repo_id"), "huggingface", targets=_HF),
    PythonIdiom("transformers.pipeline", "a transformers pipeline", _WEIGHTS, None, ("model",), "huggingface", always=True),
    PythonIdiom("SentenceTransformer", "SentenceTransformer", _WEIGHTS, 0, ("model_name_or_path",), "huggingface", targets=("cache_folder",)),
    PythonIdiom("CrossEncoder", "CrossEncoder", _WEIGHTS, 0, ("model_name", "model_name_or_path"), "huggingface"),
    PythonIdiom("HuggingFaceEmbeddings", "HuggingFaceEmbeddings", _WEIGHTS, None, ("model_name",), "huggingface", targets=("cache_folder",)),
    PythonIdiom("HuggingFaceEmbedding", "HuggingFaceEmbedding", _WEIGHTS, 0, ("model_name",), "huggingface", targets=("cache_folder",)),
    PythonIdiom("BGEM3FlagModel", "FlagEmbedding", _WEIGHTS, 0, ("model_name_or_path",), "huggingface"),
    PythonIdiom("FlagModel", "FlagEmbedding", _WEIGHTS, 0, ("model_name_or_path",), "huggingface"),
    PythonIdiom("FlagReranker", "FlagEmbedding", _WEIGHTS, 0, ("model_name_or_path",), "huggingface"),
    PythonIdiom("fastembed.TextEmbedding", "fastembed", _WEIGHTS, 0, ("model_name",), "fastembed", targets=("cache_dir",), always=True),
    PythonIdiom("whisper.load_model", "Whisper", _WEIGHTS, 0, ("name",), "whisper", targets=("download_root",)),
    PythonIdiom("whisper._download", "Whisper", _WEIGHTS, None, (), "whisper", always=True),
    PythonIdiom("whisperx.load_model", "WhisperX", _WEIGHTS, 0, ("whisper_arch",), "huggingface", targets=("download_root",)),
    PythonIdiom("WhisperModel", "faster-whisper", _WEIGHTS, 0, ("model_size_or_path",), "huggingface", targets=("download_root",)),
    PythonIdiom("faster_whisper.download_model", "faster-whisper", _WEIGHTS, 0, ("size_or_id",), "huggingface", targets=("output_dir", "cache_dir")),
    PythonIdiom("torch.hub.load", "torch.hub", _WEIGHTS, 1, ("model",), "torch"),
    PythonIdiom("torch.hub.load_state_dict_from_url", "torch.hub", _WEIGHTS, 0, ("url",), "torch", targets=("model_dir",), always=True),
    PythonIdiom("torch.hub.download_url_to_file", "torch.hub", _WEIGHTS, 0, ("url",), "", targets=("dst",)),
    PythonIdiom("timm.create_model", "timm", _WEIGHTS, 0, ("model_name",), "huggingface", only_with="pretrained"),
    PythonIdiom("open_clip.create_model_and_transforms", "OpenCLIP", _WEIGHTS, 0, ("model_name",), "huggingface", only_with="pretrained"),
    PythonIdiom("open_clip.create_model", "OpenCLIP", _WEIGHTS, 0, ("model_name",), "huggingface", only_with="pretrained"),
    PythonIdiom("clip.load", "CLIP", _WEIGHTS, 0, ("name",), "clip", targets=("download_root",)),
    PythonIdiom("ultralytics.YOLO", "ultralytics", _WEIGHTS, 0, ("model",), ""),
    PythonIdiom("ultralytics.SAM", "ultralytics", _WEIGHTS, 0, ("model",), ""),
    PythonIdiom("easyocr.Reader", "EasyOCR", _WEIGHTS, None, (), "easyocr", targets=("model_storage_directory",), always=True),
    PythonIdiom("paddleocr.PaddleOCR", "PaddleOCR", _WEIGHTS, None, (), "paddleocr", always=True),
    PythonIdiom("insightface.app.FaceAnalysis", "InsightFace", _WEIGHTS, 0, ("name",), "insightface", targets=("root",), always=True),
    PythonIdiom("rembg.new_session", "rembg", _WEIGHTS, 0, ("model_name",), "rembg", always=True),
    PythonIdiom("TTS.api.TTS", "Coqui TTS", _WEIGHTS, 0, ("model_name",), "tts"),
    PythonIdiom("tensorflow_hub.load", "TensorFlow Hub", _WEIGHTS, 0, ("handle",), "tfhub"),
    PythonIdiom("tensorflow_hub.KerasLayer", "TensorFlow Hub", _WEIGHTS, 0, ("handle",), "tfhub"),
    PythonIdiom("gensim.downloader.load", "gensim", _WEIGHTS, 0, ("name",), "gensim"),
    PythonIdiom("stanza.download", "Stanza", _WEIGHTS, 0, ("lang",), "stanza", targets=("model_dir", "dir"), always=True),
    PythonIdiom("SequenceTagger.load", "Flair", _WEIGHTS, 0, ("model_path",), "flair"),
    PythonIdiom("gdown.download", "gdown", _WEIGHTS, 1, ("output",), "", targets=("output",)),
    PythonIdiom("gdown.download_folder", "gdown", _WEIGHTS, 1, ("output",), "", targets=("output",)),
    PythonIdiom("urllib.request.urlretrieve", "urlretrieve", _WEIGHTS, 0, ("url",), "", targets=("filename",)),
    PythonIdiom("wget.download", "wget", _WEIGHTS, 0, ("url",), "", targets=("out",)),
    PythonIdiom("requests.get", "requests", _WEIGHTS, 0, ("url",), ""),
    PythonIdiom("mlflow.artifacts.download_artifacts", "MLflow", _WEIGHTS, 0, ("artifact_uri",), "", targets=("dst_path",), always=True),
    PythonIdiom("ollama.pull", "Ollama", _WEIGHTS, 0, ("model",), "ollama"),
    PythonIdiom("spacy.cli.download", "spaCy", _TEXT, 0, ("model",), "site-packages", always=True),
    PythonIdiom("spacy.download", "spaCy", _TEXT, 0, ("model",), "site-packages", always=True),
    PythonIdiom("nltk.download", "NLTK", _TEXT, 0, ("info_or_id",), "nltk", targets=("download_dir",), always=True),
    PythonIdiom("load_dataset", "datasets", _DATASET, 0, ("path",), "huggingface"),
)  # fmt: skip
#: `X.from_pretrained` of these fetches a few megabytes at most: vocabularies and configurations.
LIGHT_CLASSES = (
    "Tokenizer", "TokenizerFast", "Config", "Processor", "ImageProcessor", "FeatureExtractor", "GenerationConfig", "Scheduler",
)  # fmt: skip

#: Where downloads are kept: the variables that name the folder, the most telling first, with what stands below it; then the
#: folder below the home directory.
CACHES: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "huggingface": (
        (
            ("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""), ("TRANSFORMERS_CACHE", ""), ("SENTENCE_TRANSFORMERS_HOME", ""),
            ("HF_HOME", ""), ("XDG_CACHE_HOME", "huggingface"),
        ),
        ".cache/huggingface",
    ),
    "torch": ((("TORCH_HOME", ""), ("XDG_CACHE_HOME", "torch")), ".cache/torch"),
    "whisper": ((("XDG_CACHE_HOME", "whisper"),), ".cache/whisper"),
    "clip": ((), ".cache/clip"),
    "fastembed": ((("FASTEMBED_CACHE_PATH", ""),), ".cache/fastembed"),
    "modelscope": ((("MODELSCOPE_CACHE", ""),), ".cache/modelscope"),
    "easyocr": ((("EASYOCR_MODULE_PATH", ""),), ".EasyOCR"),
    "paddleocr": ((), ".paddleocr"),
    "insightface": ((), ".insightface"),
    "rembg": ((("U2NET_HOME", ""),), ".u2net"),
    "tts": ((("TTS_HOME", ""), ("XDG_DATA_HOME", "tts")), ".local/share/tts"),
    "tfhub": ((("TFHUB_CACHE_DIR", ""),), "/tmp/tfhub_modules"),
    "keras": ((("KERAS_HOME", ""),), ".keras"),
    "gensim": ((("GENSIM_DATA_DIR", ""),), "gensim-data"),
    "stanza": ((("STANZA_RESOURCES_DIR", ""),), "stanza_resources"),
    "flair": ((("FLAIR_CACHE_ROOT", ""),), ".flair"),
    "ollama": ((("OLLAMA_MODELS", ""),), ".ollama"),
    "nltk": ((("NLTK_DATA", ""),), "nltk_data"),
}  # fmt: skip


class CommandIdiom(NamedTuple):
    """A command that downloads: the program, the subcommands, then what stands first behind them is what is fetched."""

    words: tuple[str, ...]
    tool: str
    kind: str
    cache: str
    #: Options that take a value, and among them those that say where it lands, and those that say what.
    values: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    sure: bool = True


_HUB_OPTIONS = (
    "--revision",
    "--token",
    "--include",
    "--exclude",
    "--repo-type",
    "--cache-dir",
    "--local-dir",
    "--max-workers",
    "--local-dir-use-symlinks",
    "--type",
)

COMMAND_IDIOMS = (
    CommandIdiom(("hf", "download"), "hf download", _WEIGHTS, "huggingface", _HUB_OPTIONS, ("--local-dir", "--cache-dir")),
    CommandIdiom(("huggingface-cli", "download"), "huggingface-cli download", _WEIGHTS, "huggingface", _HUB_OPTIONS, ("--local-dir", "--cache-dir")),
    CommandIdiom(("modelscope", "download"), "modelscope download", _WEIGHTS, "modelscope", ("--model", "--dataset", "--revision", "--include", "--exclude", "--cache_dir", "--local_dir", "--token"), ("--local_dir", "--cache_dir"), ("--model",), sure=False),
    CommandIdiom(("ollama", "pull"), "ollama pull", _WEIGHTS, "ollama"),
    CommandIdiom(("ollama", "run"), "ollama run", _WEIGHTS, "ollama", sure=False),
    CommandIdiom(("text-generation-server", "download-weights"), "text-generation-server", _WEIGHTS, "huggingface", ("--revision", "--extension"), sure=False),
    CommandIdiom(("ngc", "registry", "model", "download-version"), "ngc", _WEIGHTS, "", ("--dest", "--file", "--org", "--team", "--format_type"), ("--dest",), sure=False),
    CommandIdiom(("mlflow", "artifacts", "download"), "mlflow artifacts download", _WEIGHTS, "", ("-u", "--artifact-uri", "-r", "--run-id", "-a", "--artifact-path", "-d", "--dst-path"), ("-d", "--dst-path"), ("-u", "--artifact-uri", "-r", "--run-id"), sure=False),
    CommandIdiom(("wandb", "artifact", "get"), "wandb artifact get", _WEIGHTS, "", ("--root", "--type"), ("--root",), sure=False),
    CommandIdiom(("bentoml", "models", "pull"), "bentoml models pull", _WEIGHTS, "", sure=False),
    CommandIdiom(("docling-tools", "models", "download"), "docling-tools", _WEIGHTS, "", ("-o", "--output-dir"), ("-o", "--output-dir"), sure=False),
    CommandIdiom(("comfy", "model", "download"), "comfy model download", _WEIGHTS, "", ("--url", "--relative-path", "--filename"), ("--relative-path",), ("--url",), sure=False),
    CommandIdiom(("optimum-cli", "export"), "optimum-cli export", _WEIGHTS, "huggingface", ("-m", "--model", "--task", "--opset", "--device"), (), ("-m", "--model"), sure=False),
    CommandIdiom(("ct2-transformers-converter",), "ct2-transformers-converter", _WEIGHTS, "huggingface", ("--model", "--output_dir", "--quantization", "--revision", "--copy_files"), ("--output_dir",), ("--model",), sure=False),
    CommandIdiom(("spacy", "download"), "spaCy", _TEXT, "site-packages"),
    CommandIdiom(("nltk.downloader",), "NLTK", _TEXT, "nltk", ("-d", "-u"), ("-d",)),
    CommandIdiom(("whisper",), "Whisper", _WEIGHTS, "whisper", ("--model", "--model_dir", "--device", "--language", "--task", "-o", "--output_dir", "-f", "--output_format"), ("--model_dir",), ("--model",)),
    CommandIdiom(("stanza", "download"), "Stanza", _WEIGHTS, "stanza", sure=False),
    CommandIdiom(("kaggle", "datasets", "download"), "kaggle", _DATASET, ""),
    CommandIdiom(("kaggle", "competitions", "download"), "kaggle", _DATASET, ""),
    CommandIdiom(("kaggle", "models", "instances", "versions", "download"), "kaggle", _WEIGHTS, "", ("-p", "--path"), ("-p", "--path"), sure=False),
)  # fmt: skip
#: Programs that copy between a remote store and this machine, with the subcommands that do it.
STORE_TOOLS = (
    ("aws", "s3", "cp"), ("aws", "s3", "sync"), ("gsutil", "cp"), ("gsutil", "rsync"), ("gcloud", "storage", "cp"),
    ("gcloud", "storage", "rsync"), ("s5cmd", "cp"), ("s5cmd", "sync"), ("rclone", "copy"), ("rclone", "copyto"), ("rclone", "sync"),
    ("mc", "cp"), ("mc", "mirror"), ("azcopy", "copy"), ("azcopy", "cp"), ("azcopy", "sync"), ("b2", "sync"), ("oci", "os", "object", "get"),
)  # fmt: skip

#: Tools that a message names as their makers do; the others are commands and calls, which stand in backticks.
LIBRARIES = frozenset(
    {
        "ADD", "CLIP", "Coqui TTS", "EasyOCR", "FlagEmbedding", "Flair", "InsightFace", "MLflow", "ModelScope", "NLTK", "Ollama",
        "OpenCLIP", "PaddleOCR", "Stanza", "TensorFlow Hub", "Whisper", "WhisperX", "a transformers pipeline", "fastembed",
        "faster-whisper", "gensim", "keras.applications", "rembg", "spaCy", "timm", "torch.hub", "torchvision", "ultralytics",
    }
)  # fmt: skip

#: Bytes of well-known weights, by their names in lower case; from memory, rounded: messages say "about".
SIZES = {
    "punkt": 14e6, "punkt_tab": 4e6, "stopwords": 0.1e6, "wordnet": 11e6, "popular": 50e6, "all": 3.3e9,
    "all-minilm-l6-v2": 91e6, "all-minilm-l12-v2": 134e6, "all-mpnet-base-v2": 438e6, "paraphrase-multilingual-minilm-l12-v2": 471e6,
    "bert-base-uncased": 440e6, "bert-base-cased": 436e6, "bert-large-uncased": 1.3e9, "bert-base-multilingual-cased": 714e6,
    "distilbert-base-uncased": 268e6, "distilbert-base-uncased-finetuned-sst-2-english": 268e6, "roberta-base": 499e6,
    "roberta-large": 1.4e9, "gpt2": 548e6, "gpt2-medium": 1.5e9, "gpt2-large": 3.2e9, "t5-small": 242e6, "t5-base": 892e6,
    "bart-large-cnn": 1.6e9, "bart-large-mnli": 1.6e9, "xlm-roberta-base": 1.1e9, "clip-vit-base-patch32": 605e6,
    "clip-vit-large-patch14": 1.7e9, "bge-small-en-v1.5": 133e6, "bge-base-en-v1.5": 438e6, "bge-large-en-v1.5": 1.3e9, "bge-m3": 2.3e9, "bge-reranker-v2-m3": 2.3e9, "multilingual-e5-large": 2.2e9,
    "ms-marco-minilm-l-6-v2": 91e6, "twitter-roberta-base-sentiment": 499e6,
    "yolov8n.pt": 6.5e6, "yolov8s.pt": 23e6, "yolov8m.pt": 52e6, "yolov8l.pt": 88e6, "yolov8x.pt": 137e6,
    "yolo11n.pt": 5.6e6, "yolo11s.pt": 19e6, "yolo11m.pt": 41e6, "yolo11l.pt": 51e6, "yolo11x.pt": 114e6,
    "yolov5n": 4e6, "yolov5s": 15e6, "yolov5m": 43e6, "yolov5l": 94e6, "yolov5x": 174e6,
    "yolov5n.pt": 4e6, "yolov5s.pt": 15e6, "yolov5m.pt": 43e6, "yolov5l.pt": 94e6, "yolov5x.pt": 174e6, "yolov3.weights": 248e6,
    "resnet18": 47e6, "resnet34": 87e6, "resnet50": 102e6, "resnet101": 179e6, "resnet152": 242e6, "vgg16": 553e6, "vgg19": 575e6,
    "alexnet": 244e6, "mobilenet_v2": 14e6, "mobilenet_v3_large": 22e6, "efficientnet_b0": 21e6, "inception_v3": 109e6, "densenet121": 32e6,
    "sam_vit_h_4b8939.pth": 2.6e9, "sam_vit_l_0b3195.pth": 1.2e9, "sam_vit_b_01ec64.pth": 375e6,
    "sam2.1_hiera_tiny.pt": 156e6, "sam2.1_hiera_small.pt": 184e6, "sam2.1_hiera_base_plus.pt": 323e6, "sam2.1_hiera_large.pt": 898e6,
    "v1-5-pruned-emaonly.safetensors": 4.3e9, "sd_xl_base_1.0.safetensors": 6.9e9, "sd_xl_refiner_1.0.safetensors": 6.1e9,
    "sdxl_vae.safetensors": 335e6, "flux1-dev.safetensors": 23.8e9, "flux1-schnell.safetensors": 23.8e9, "ae.safetensors": 335e6,
    "clip_l.safetensors": 246e6, "t5xxl_fp16.safetensors": 9.8e9, "t5xxl_fp8_e4m3fn.safetensors": 4.9e9,
}  # fmt: skip
#: spaCy's packages, by the end of their names (`de_core_news_md`).
SPACY_SIZES = {"sm": 13e6, "md": 35e6, "lg": 400e6, "trf": 440e6}
#: Whisper's sizes, whose names ("base", "large") mean other things elsewhere.
WHISPER_SIZES = {
    "tiny": 76e6, "tiny.en": 76e6, "base": 145e6, "base.en": 145e6, "small": 484e6, "small.en": 484e6, "medium": 1.5e9,
    "medium.en": 1.5e9, "large": 3.1e9, "large-v1": 3.1e9, "large-v2": 3.1e9, "large-v3": 3.1e9, "turbo": 1.6e9, "large-v3-turbo": 1.6e9,
}  # fmt: skip
